import { EasError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { PrepareEvent, PrepareSpec } from '../../core/worker/prepare.ts';
import { dieWithParent } from '../cpp/libc.ts';
import { startPulse } from './pulse.ts';
import { prepareWorkspace } from './workspace.ts';

/** `eascmd __prepare`: lays out a workspace (core/worker/prepare.ts). Returns 0 after `done`, 1 after `error`. */
export async function runPrepare(host: Host): Promise<number> {
  dieWithParent(host.platform);
  const emit = (event: PrepareEvent) => void process.stdout.write(`${JSON.stringify(event)}\n`);
  const alive = () => emit({ type: 'alive' });
  const endPulse = startPulse(alive);
  try {
    const spec = JSON.parse(await Bun.stdin.text()) as PrepareSpec;
    alive();
    const sizes = await prepareWorkspace(spec, (message) => emit({ type: 'progress', message }));
    emit({ type: 'done', ...sizes });
    return 0;
  } catch (error) {
    const { message, hint } = error as EasError;
    emit({ type: 'error', code: error instanceof EasError ? error.code : 'PrepareFailed', message, hint });
    return 1;
  } finally {
    endPulse();
  }
}
