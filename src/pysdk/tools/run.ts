import { EasError } from '../../core/errors.ts';

export interface ToolOptions {
  /** What the tool does for the user, e.g. `Creating ENV with uv`. */
  step: string;
  /** What to do when it fails. */
  hint: string;
  cwd: string;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** Told each line that the tool prints. */
  onLine?: (line: string) => void;
}

const LAST_LINES = 12;
const STRAY_VARIABLES = ['PYTHONHOME', 'PYTHONPATH', 'PYTHONSTARTUP', 'VIRTUAL_ENV', '__PYVENV_LAUNCHER__'];

/** Runs a tool and returns its stdout. Throws EasError with the step and the tool's last lines when it fails. */
export async function runTool(command: string[], options: ToolOptions): Promise<string> {
  options.signal.throwIfAborted();
  const child = Bun.spawn(command, {
    cwd: options.cwd,
    env: toolEnvironment(options.env),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const stop = () => child.kill();
  options.signal.addEventListener('abort', stop, { once: true });
  const lines: string[] = [];
  const hear = (line: string) => {
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
    options.onLine?.(line);
  };
  try {
    const [out] = await Promise.all([heard(child.stdout, hear), heard(child.stderr, hear)]);
    const code = await child.exited;
    options.signal.throwIfAborted();
    if (code === 0) return out;
    throw new EasError({
      code: 'PysdkStepFailed',
      message: `${options.step} failed: ${command[0]!.split('/').pop()} ended with ${child.signalCode ?? `exit code ${code}`}`,
      hint: options.hint,
      detail: lines,
    });
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

/** What the user's shell has set for another Python must not reach the one at hand. */
function toolEnvironment(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const clean: Record<string, string | undefined> = { ...env, PYTHONNOUSERSITE: '1', PYTHONUTF8: '1' };
  for (const name of STRAY_VARIABLES) delete clean[name];
  return clean;
}

async function heard(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<string> {
  const decoder = new TextDecoder();
  let all = '';
  let rest = '';
  for await (const chunk of stream) {
    const text = decoder.decode(chunk, { stream: true });
    all += text;
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) onLine(line);
  }
  if (rest.trim()) onLine(rest);
  return all;
}
