import { openSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../say.ts';
import type { Place } from './place.ts';

/** A step that went wrong; the message is for the person who watches. */
export class StepFailed extends Error {}

export interface RunOptions {
  /** Text piped into the command: shown as `echo … |`. */
  input?: string;
  /** File in the work folder that takes stdout: shown as `> file`. */
  into?: string;
}

const longestCommandMs = 180_000;

/** Runs commands as a person would type them, each printed before its output. */
export class Shell {
  private readonly isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  private running: Bun.Subprocess | undefined;
  private signal: NodeJS.Signals | undefined;

  constructor(readonly place: Place) {}

  /** Signal that ended the story, if one did. */
  get interruptedBy(): NodeJS.Signals | undefined {
    return this.signal;
  }

  /** What comes next, in words. */
  tell(...lines: string[]): void {
    say();
    for (const line of lines) say(this.paint('2', `# ${line}`));
  }

  /** Prints and runs one command; throws StepFailed unless it ends with 0. */
  async run(command: string[], options: RunOptions = {}): Promise<void> {
    this.refuseIfInterrupted();
    const before = options.input === undefined ? '' : `echo ${options.input} | `;
    const after = options.into === undefined ? '' : ` > ${options.into}`;
    const line = `${before}${command.map(quote).join(' ')}${after}`;
    say(`${this.paint('36', '$')} ${this.paint('1', line)}`);
    const output =
      options.into === undefined ? 'inherit' : openSync(join(this.place.work, options.into), 'w');
    const child = this.spawn(command, output, 'inherit', options.input);
    await this.finish(child, line);
  }

  /** Prints and runs one command, shows its output and returns it. For commands that draw nothing else. */
  async read(command: string[]): Promise<string> {
    this.refuseIfInterrupted();
    const line = command.map(quote).join(' ');
    say(`${this.paint('36', '$')} ${this.paint('1', line)}`);
    const child = this.spawn(command, 'pipe', 'inherit');
    const text = await new Response(child.stdout as ReadableStream).text();
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    await this.finish(child, line);
    return text;
  }

  /** Asks the program something for the story's own checks; nothing is printed. */
  async ask<T>(...args: string[]): Promise<T> {
    this.refuseIfInterrupted();
    const child = this.spawn(['eascmd', ...args, '-o', 'json'], 'pipe', 'pipe');
    const [text, complaint] = await Promise.all([
      new Response(child.stdout as ReadableStream).text(),
      new Response(child.stderr as ReadableStream).text(),
    ]);
    await this.finish(child, `eascmd ${args.join(' ')}`, complaint);
    return JSON.parse(text) as T;
  }

  /** Ends the story: the command under way gets the signal too, unless the terminal has told it already. */
  interrupt(signal: NodeJS.Signals): void {
    this.signal ??= signal;
    const child = this.running;
    setTimeout(() => child?.exitCode === null && child.kill(signal), 500).unref();
  }

  private spawn(
    command: string[],
    stdout: 'inherit' | 'pipe' | number,
    stderr: 'inherit' | 'pipe',
    input?: string,
  ): Bun.Subprocess {
    const { env, work, binary } = this.place;
    const [program, ...args] = command as [string, ...string[]];
    const child = Bun.spawn([program === 'eascmd' ? binary : program, ...args], {
      cwd: work,
      env,
      stdin: input === undefined ? 'ignore' : new Blob([`${input}\n`]),
      stdout,
      stderr,
      timeout: longestCommandMs,
    });
    this.running = child;
    return child;
  }

  private async finish(child: Bun.Subprocess, line: string, complaint = ''): Promise<void> {
    await child.exited;
    this.running = undefined;
    this.refuseIfInterrupted();
    if (child.exitCode === 0) return;
    const end = child.exitCode === null ? `was ended by ${child.signalCode}` : `ended with ${child.exitCode}`;
    throw new StepFailed([`"${line}" ${end}`, complaint.trim()].filter(Boolean).join('\n'));
  }

  private refuseIfInterrupted(): void {
    if (this.signal) throw new StepFailed(`interrupted (${this.signal})`);
  }

  private paint(code: string, text: string): string {
    return this.isColoured ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}

/** As a POSIX shell would need it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
