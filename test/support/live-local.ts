import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { type FakeIoOptions, fakeIo } from './fake-io.ts';
import { hostOf } from './scripted-eas.ts';
import { temporaryFolder } from './temporary.ts';

const root = resolve(import.meta.dir, '../..');
/** This very program under bun, as `Host.selfCommand` wants it. */
export const selfCommand = [process.execPath, '--no-install', join(root, 'src/main.ts')];

export interface Ran {
  code: number;
  out: string;
  err: string;
  bytes: Uint8Array;
}

export interface LiveLocal {
  /** HOME and current folder of the commands. */
  folder: string;
  /** Writes a file in the folder and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Runs the program in-process with `-e local` before the arguments. */
  eas(argv: string[], options?: RunOptions): Promise<Ran>;
  /** The same without `-e local`. */
  run(argv: string[], options?: RunOptions): Promise<Ran>;
  stop(): Promise<void>;
}

export interface RunOptions extends FakeIoOptions {
  env?: Record<string, string | undefined>;
}

/** Starts Local EAS with a temporary HOME and ports of its own; one per test file, stopped in afterAll. */
export async function liveLocal(options: string[] = []): Promise<LiveLocal> {
  const home = temporaryFolder();
  const { PATH, DOCKER_HOST } = process.env;
  const env = { PATH, DOCKER_HOST, HOME: home.path };
  const run = async (argv: string[], options: RunOptions = {}): Promise<Ran> => {
    const io = fakeIo({ stdin: '', isRealTime: true, ...options });
    const host = hostOf(argv, {
      homeDir: home.path,
      cwd: home.path,
      env: { ...env, ...options.env },
      selfCommand,
    });
    const code = await runCli(host, io);
    return { code, out: io.out(), err: io.err(), bytes: io.outBytes() };
  };
  const started = await run(['local', 'start', '--port', '0', '--object-port', '0', ...options]);
  if (started.code !== 0) {
    home[Symbol.dispose]();
    throw new Error(`Local EAS did not start: ${started.err}`);
  }
  return {
    folder: home.path,
    write(name, content) {
      const path = join(home.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    run,
    eas: (argv, options) => run(['-e', 'local', ...argv], options),
    async stop() {
      const stopped = await run(['local', 'stop']);
      home[Symbol.dispose]();
      if (stopped.code !== 0) throw new Error(`Local EAS did not stop: ${stopped.err}`);
    },
  };
}
