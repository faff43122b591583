import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { type FakeIo, fakeIo } from './fake-io.ts';
import { selfCommand } from './live-local.ts';
import { hostOf } from './scripted-eas.ts';

const PATIENCE_MS = 40_000;

export interface RunningTest {
  io: FakeIo;
  ended: Promise<number>;
  /** The first match in what was printed on stdout, as soon as it is there. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
}

/** A project folder with its own HOME and TMPDIR, and `eascmd test` (or `dev`) run in it, in-process. */
export class TestPlace implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tp-'));
  /** What runs lay down for themselves; empty again after each. */
  readonly scratch = join(this.folder, 't');
  private readonly running: RunningTest[] = [];

  constructor() {
    mkdirSync(this.scratch);
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Writes `<name>.json` and returns its name. */
  describe(name: string, document: Record<string, unknown>): string {
    this.write(`${name}.json`, JSON.stringify({ name, metadata: { instance: 1 }, ...document }, null, 2));
    return `${name}.json`;
  }

  python(name: string, code: string, more: Record<string, unknown> = {}): string {
    this.write(`${name}/app.py`, code);
    return this.describe(name, {
      processor_path: `./${name}`,
      processor_type: 'python',
      processor_entry: './app.py',
      ...more,
    });
  }

  cpp(name: string, code: string, more: Record<string, unknown> = {}): string {
    const source = this.write(`${name}/p.cpp`, code);
    execFileSync('g++', ['-O1', '-shared', '-fPIC', '-o', 'libp.so', source], { cwd: dirname(source) });
    return this.describe(name, {
      processor_path: `./${name}/libp.so`,
      processor_type: 'cpp',
      processor_entry: 'libp.so',
      ...more,
    });
  }

  start(args: string[], env: Record<string, string | undefined> = {}, verb = 'test'): RunningTest {
    const io = fakeIo({ isRealTime: true });
    const host = hostOf([verb, ...args], {
      cwd: this.folder,
      homeDir: this.folder,
      selfCommand,
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        TMPDIR: this.scratch,
        DOCKER_HOST: process.env.DOCKER_HOST,
        ...env,
      },
    });
    const ended = runCli(host, io);
    const seen = async (pattern: RegExp) => {
      for (let begun = Date.now(); ; await Bun.sleep(20)) {
        const found = pattern.exec(io.out());
        if (found) return found;
        if (Date.now() - begun > PATIENCE_MS)
          throw new Error(`${pattern} was not seen in:\n${io.out()}\n${io.err()}`);
      }
    };
    const running = { io, ended, seen };
    this.running.push(running);
    return running;
  }

  async run(args: string[], env: Record<string, string | undefined> = {}, verb = 'test') {
    const { io, ended } = this.start(args, env, verb);
    const code = await ended;
    return { code, out: io.out(), err: io.err() };
  }

  /** What is left of earlier runs on the disk. */
  leftovers(): string[] {
    return readdirSync(this.scratch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { io } of this.running) io.signal('SIGTERM');
    await Promise.all(this.running.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The same function in both languages, for answers that must be equal byte for byte. */
export const ECHO_PYTHON = `import os, signal, sys, time
import allspark

class Echo(allspark.BaseProcessor):
    def initialize(self):
        print('loading', flush=True)

    def process(self, data):
        if data == b'env':
            return '\\n'.join('%s=%s' % pair for pair in sorted(os.environ.items())).encode(), 200
        if data == b'pid':
            return str(os.getpid()).encode(), 200
        if data == b'where':
            return os.getcwd().encode(), 200
        if data == b'fail':
            raise ValueError('bad data')
        if data == b'segv':
            print('about to crash', flush=True)
            os.kill(os.getpid(), signal.SIGSEGV)
            time.sleep(10)
        if data == b'eat':
            kept = []
            while True:
                kept.append(bytearray(16 * 1024 * 1024))
        return b'echo ' + data, 200

Echo(worker_threads=2).run()
`;

export const ECHO_CPP = `#include <cstdlib>
#include <cstring>
extern "C" void *initialize(const char *, const char *, int *state) { *state = 0; return nullptr; }
extern "C" int process(void *, const void *in, int size, void **out, int *out_size) {
  if (size == 4 && !memcmp(in, "fail", 4)) { *out = strdup("bad data"); *out_size = 8; return 400; }
  char *text = (char *)malloc(size + 5);
  memcpy(text, "echo ", 5);
  memcpy(text + 5, in, size);
  *out = text;
  *out_size = size + 5;
  return 200;
}
`;
