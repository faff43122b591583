import { spawn } from 'node:child_process';
import type { StartReport } from '../main.ts';

/**
 * Starts a process in a session of its own, so that closing the terminal or Ctrl-C doesn't reach it, and waits for
 * its report. Undefined: none came within `timeoutMs`, and the process was ended. `errorFile` takes its stderr.
 */
export function spawnDaemon(
  command: string[],
  env: Record<string, string | undefined>,
  cwd: string,
  errorFile: number,
  timeoutMs: number,
): Promise<StartReport | undefined> {
  const [program, ...args] = command as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', errorFile],
      env: env as NodeJS.ProcessEnv,
      cwd,
      windowsHide: true,
    });
    let text = '';
    const settle = (report: StartReport | undefined) => {
      clearTimeout(timer);
      child.stdout?.destroy();
      child.unref();
      resolve(report);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle(undefined);
    }, timeoutMs);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) settle(parse(text));
    });
    child.once('exit', (code, signal) => {
      if (!text.includes('\n'))
        settle({
          ok: false,
          code: 'LocalStart',
          message: `Local EAS ended at once (${signal ?? `code ${code}`})`,
        });
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function parse(text: string): StartReport | undefined {
  try {
    return JSON.parse(text.slice(0, text.indexOf('\n'))) as StartReport;
  } catch {
    return undefined;
  }
}
