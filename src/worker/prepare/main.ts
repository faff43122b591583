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
    emit({ type: 'error', ...described(error) });
    return 1;
  } finally {
    endPulse();
  }
}

function described(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof EasError) return { code: error.code, message: error.message, hint: error.hint };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return { code: 'PrepareFailed', message };
  return {
    code: 'DiskFull',
    message: 'the disk is full on which packages are unpacked',
    hint: 'free some space, then eascmd start <service> tries again',
  };
}
