import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownBinary } from '../../../scripts/build/config.ts';

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Text on stdin; nothing at all when absent. */
  input?: string;
  env?: Record<string, string | undefined>;
  cwd?: string;
}

/** A temporary home in which the compiled binary runs as a user's shell would run it. */
export class BinaryPlace implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'eb-'));
  readonly home = join(this.folder, 'home');
  readonly work = join(this.folder, 'work');

  constructor() {
    if (!existsSync(ownBinary)) throw new Error(`there is no ${ownBinary}: run "npm run build" first`);
    for (const path of [this.home, this.work]) mkdirSync(path);
  }

  /** Environment without anything that would configure the program. */
  env(extra: Record<string, string | undefined> = {}): Record<string, string | undefined> {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(EAS_|ALIBABA_CLOUD_|NO_COLOR$|FORCE_COLOR$|CI$)/.test(name),
    );
    return { ...Object.fromEntries(kept), HOME: this.home, TERM: 'xterm-256color', ...extra };
  }

  async run(args: string[], options: RunOptions = {}): Promise<Ended> {
    const child = Bun.spawn([ownBinary, ...args], {
      cwd: options.cwd ?? this.work,
      env: this.env(options.env),
      stdin: options.input === undefined ? 'ignore' : new Blob([options.input]),
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [stdout, stderr, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { code, stdout, stderr };
  }

  /** As `run`, for steps that have to work; throws with both streams otherwise. */
  async must(args: string[], options: RunOptions = {}): Promise<Ended> {
    const ended = await this.run(args, options);
    if (ended.code !== 0)
      throw new Error(`eascmd ${args.join(' ')} ended with ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
    return ended;
  }

  async startLocal(): Promise<void> {
    await this.must(['local', 'start', '--port', '0', '--object-port', '0']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(['local', 'stop']);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
