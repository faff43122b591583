import { resolve } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { Host } from '../../core/host.ts';
import { LOCAL_LABEL } from '../../core/worker/container.ts';
import { resetLocal } from '../../local/launch.ts';
import type { View } from '../../ui/view.ts';
import { confirmed } from '../confirmation.ts';
import { localDataDir } from './directory.ts';

/** An engine is asked only if it answers at once: without one there are no containers. */
const ANSWER_MS = 1_000;

export async function run(context: Context, args: Arguments): Promise<View> {
  const dataDir = await localDataDir(context, args);
  await confirmed(context, args, {
    question: `Are you sure to remove all services, objects and logs of Local EAS in [${dataDir}]?`,
    refused: 'Local EAS was not reset',
  });
  await resetLocal(dataDir);
  await removeContainers(context.host, dataDir);
  return {
    text: () => [`[OK] Local EAS in [${dataDir}] is empty`],
    json: () => ({ dataDir, status: 'empty' }),
  };
}

/** Containers end with their daemon; what an engine that hung then still holds goes now. */
async function removeContainers(host: Host, dataDir: string): Promise<void> {
  const { connectEngine } = await import('../../docker/engine/engine.ts');
  const engine = await connectEngine(host, ANSWER_MS).catch(() => undefined);
  if (!engine) return;
  const { removeLabelled } = await import('../../docker/container/owner.ts');
  await removeLabelled(engine, `${LOCAL_LABEL}=${resolve(host.cwd, dataDir)}`);
}
