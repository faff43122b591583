import type { Io } from './io.ts';

/** A sign of life on stderr while a wait goes on; nothing at all off a terminal. */
export interface Spinner {
  update(text: string): void;
  /** Takes the spinner off the screen so that a line can be printed; `update` brings it back. */
  pause(): void;
  stop(): void;
}

const silent: Spinner = { update() {}, pause() {}, stop() {} };

/** `isLively` is false with `--no-color`, NO_COLOR or no terminal. */
export async function startSpinner(io: Io, isLively: boolean, text: string): Promise<Spinner> {
  if (!isLively || !io.stderr.isTty) return silent;
  const { default: ora } = await import('ora');
  const spinner = ora({
    text,
    stream: streamOf(io),
    isEnabled: true,
    discardStdin: false,
    hideCursor: false,
  });
  spinner.start();
  return {
    update(next) {
      spinner.text = next;
      if (!spinner.isSpinning) spinner.start();
    },
    pause: () => void spinner.stop(),
    stop: () => void spinner.stop(),
  };
}

/** ora wants a stream; it gets the part of one that it uses, on top of our sink. */
function streamOf(io: Io): NodeJS.WriteStream {
  const control = (text: string) => {
    io.stderr.write(text);
    return true;
  };
  const stream = {
    isTTY: true,
    get columns() {
      return io.stderr.columns;
    },
    write: control,
    cursorTo: (column: number) => control(`\x1b[${column + 1}G`),
    clearLine: () => control('\x1b[2K'),
    moveCursor: (_columns: number, rows: number) => control(rows < 0 ? `\x1b[${-rows}A` : ''),
    on() {},
    once() {},
    removeListener() {},
    listenerCount: () => 0,
  };
  return stream as unknown as NodeJS.WriteStream;
}
