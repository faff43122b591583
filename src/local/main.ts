import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { startDaemon } from './daemon.ts';
import type { LocalInfo } from './info.ts';
import { readOptions } from './options.ts';

/** The one line `__local` writes to stdout: it runs, or why it doesn't. */
export type StartReport =
  | { ok: true; info: LocalInfo }
  | { ok: false; code: string; message: string; hint?: string };

/**
 * `eascmd __local '<options as JSON>'`: Local EAS until SIGTERM or SIGINT. A second signal ends it at once; its
 * workers then see the end of their stdin. Returns the exit code.
 */
export async function runLocalEas(host: Host): Promise<number> {
  try {
    const daemon = await startDaemon(host, readOptions(host));
    const signalled = terminated();
    surviveMistakes(daemon.log);
    report({ ok: true, info: daemon.info });
    await signalled;
    await daemon.stop();
    return 0;
  } catch (error) {
    const { code, message, hint } =
      error instanceof EasError
        ? error
        : new EasError({ code: 'LocalStart', message: `Local EAS can't start: ${String(error)}` });
    report({ ok: false, code, message, hint });
    return 1;
  }
}

/** Whoever started the daemon may be gone: then nobody wants the report. */
function report(line: StartReport): void {
  process.stdout.on('error', () => {});
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/**
 * A mistake in one step (a full disk, say) must not take every service down: what is wanted stands in state.db, and the
 * lifecycle comes back to it.
 */
function surviveMistakes(log: (line: string) => void): void {
  const tell = (error: unknown) =>
    log(`went on after an error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.on('unhandledRejection', tell);
  process.on('uncaughtException', tell);
}

function terminated(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.kill(process.pid, 'SIGKILL'));
        resolve();
      });
    }
  });
}
