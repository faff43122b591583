import { existsSync } from 'node:fs';
import type { Context } from '../cli/context.ts';
import { effectWarnings, type LocalRuntime } from '../core/service/effect.ts';
import type { ServiceDocument } from '../core/service/model.ts';

/** What NVIDIA's driver shows, also inside WSL. */
const GPU_DEVICES = ['/dev/nvidiactl', '/dev/dxg'];

/** Says on stderr what a description asks for and this machine won't do. */
export function noteEffects(
  context: Context,
  document: ServiceDocument,
  runtime: LocalRuntime | undefined,
): void {
  const hasGpu = GPU_DEVICES.some((path) => existsSync(path));
  for (const warning of effectWarnings(document, { runtime, hasGpu })) context.note(`[WARN] ${warning}`);
}

/** The same for what is sent to Local EAS; nothing for the cloud. */
export async function noteLocalEffects(context: Context, document: ServiceDocument): Promise<void> {
  const { clients } = context;
  if ((await clients.target()).kind !== 'local') return;
  const { runtimeOfLocal } = await import('./local/runtime.ts');
  noteEffects(context, document, await runtimeOfLocal(clients));
}
