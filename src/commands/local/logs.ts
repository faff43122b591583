import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { View } from '../../ui/view.ts';
import { localDataDir } from './directory.ts';

const POLL_MS = 300;
const LAST_BYTES = 256 * 1024;

/** The last part of the daemon's log; with --follow everything that comes after it, until a signal. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const path = join(await localDataDir(context, args), 'logs', 'daemon.log');
  const start = await read(path, 'tail');
  if (!start)
    throw new EasError({
      code: 'NoLog',
      message: `Local EAS has no log at ${path}`,
      hint: 'start it with: eascmd local start',
    });
  const lines = start.text.replace(/\n$/, '').split('\n');
  if (args.isSet('follow')) {
    context.say(...lines);
    await follow(context, path, start.end);
    throw context.signal.reason;
  }
  return { text: () => lines, json: () => ({ path, lines }) };
}

async function follow({ io, signal, say }: Context, path: string, from: number): Promise<void> {
  let at = from;
  while (!signal.aborted) {
    const more = await read(path, at);
    if (more && more.end < at) at = 0;
    else if (more) {
      if (more.text) say(more.text.replace(/\n$/, ''));
      at = more.end;
    }
    await io.sleep(POLL_MS, signal);
  }
}

/** Whole lines from an offset on; `end` is where they end, or the file's size when it has shrunk. */
async function read(path: string, from: number | 'tail'): Promise<{ text: string; end: number } | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const start = from === 'tail' ? Math.max(0, size - LAST_BYTES) : from;
    if (size <= start) return { text: '', end: size };
    const bytes = Buffer.alloc(Math.min(size - start, LAST_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    const lastBreak = bytes.lastIndexOf(10, bytesRead - 1);
    if (lastBreak < 0 && bytesRead < LAST_BYTES) return { text: '', end: start };
    const length = lastBreak < 0 ? bytesRead : lastBreak + 1;
    return { text: bytes.toString('utf8', 0, length), end: start + length };
  } finally {
    await file.close();
  }
}
