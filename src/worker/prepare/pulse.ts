import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { PULSE_MS } from '../../core/worker/prepare.ts';

/** Copied in one system call, which tells nothing while it works: this much takes no disk long. */
const ONE_CALL_BYTES = 1024 ** 3;

let beats = 0;

/** Some bytes have arrived or were written. */
export function beat(): void {
  beats++;
}

/** Calls `emit` now and then, as long as bytes keep moving; returns what ends it. This process prepares one package. */
export function startPulse(emit: () => void, everyMs = PULSE_MS): () => void {
  let told = beats;
  const timer = setInterval(() => {
    if (beats === told) return;
    told = beats;
    emit();
  }, everyMs);
  return () => clearInterval(timer);
}

/** Copies a file with its mode, and beats while it does when that may take long. */
export async function copyBeating(from: string, to: string, oneCallBytes = ONE_CALL_BYTES): Promise<void> {
  const { size, mode } = await stat(from);
  if (size <= oneCallBytes) {
    await copyFile(from, to);
    beat();
    return;
  }
  const source = createReadStream(from, { highWaterMark: 1024 * 1024 }).on('data', beat);
  await pipeline(source, createWriteStream(to, { mode: mode & 0o777 }));
}
