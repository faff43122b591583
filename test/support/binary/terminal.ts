import { ownBinary } from '../../../scripts/build/config.ts';
import type { BinaryPlace } from './place.ts';

export interface TerminalOptions {
  env?: Record<string, string | undefined>;
  /** Command line to run instead of the binary, e.g. a shell that pipes into it. */
  command?: string[];
}

const patienceMs = 30_000;

/** The compiled binary under a pseudo-terminal: what a person would see, and the keys that they press. */
export class TerminalSession {
  private text = '';
  private readonly waiting = new Set<() => void>();
  private readonly child: Bun.Subprocess;
  private readonly drawn = Promise.withResolvers<void>();

  constructor(place: BinaryPlace, args: string[], { env, command }: TerminalOptions = {}) {
    const decoder = new TextDecoder();
    this.child = Bun.spawn(command ?? [ownBinary, ...args], {
      cwd: place.work,
      env: place.env(env),
      terminal: {
        cols: 120,
        rows: 40,
        data: (_terminal, data) => {
          this.text += decoder.decode(data, { stream: true });
          for (const wake of this.waiting) wake();
        },
        exit: () => this.drawn.resolve(),
      },
    });
  }

  /** Everything that was drawn so far, escape sequences included. */
  get screen(): string {
    return this.text;
  }

  /** Resolves once the pattern was drawn; rejects with the screen when it never comes. */
  async seen(pattern: RegExp): Promise<void> {
    if (pattern.test(this.text)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => void (pattern.test(this.text) && resolve());
    this.waiting.add(check);
    const timer = setTimeout(
      () => reject(new Error(`${pattern} was not seen in:\n${this.text}`)),
      patienceMs,
    );
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(check);
    }
  }

  type(keys: string): void {
    this.child.terminal?.write(keys);
  }

  /** What the terminal itself turns into SIGINT. */
  pressCtrlC(): void {
    this.type('\x03');
  }

  /** The terminal goes away, as when its window is closed; resolves with the exit code. */
  async hangUp(): Promise<number> {
    this.child.terminal?.close();
    return this.child.exited;
  }

  /** Exit code, after everything that was drawn has arrived. */
  async ended(): Promise<number> {
    const code = await this.child.exited;
    await this.drawn.promise;
    this.child.terminal?.close();
    return code;
  }

  /** Ends it if the test has not. */
  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
  }
}
