import type { InstanceLog } from './log.ts';

/** What one stream of user code may print per second before it has to wait. */
const BYTES_PER_SECOND = 16 * 1024 * 1024;
const SLICE_MS = 100;

/**
 * Moves a stream of user code into the log. A flood waits in the pipe, so it blocks the one who prints, takes no
 * memory here and leaves the front its processor time. Resolves at the end of the stream.
 */
export async function pump(stream: ReadableStream<Uint8Array>, log: InstanceLog): Promise<void> {
  const reader = stream.getReader();
  let sliceEnds = performance.now() + SLICE_MS;
  let left = (BYTES_PER_SECOND * SLICE_MS) / 1000;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    log.output(value);
    left -= value.byteLength;
    const now = performance.now();
    if (left <= 0 && now < sliceEnds) await Bun.sleep(sliceEnds - now);
    if (left <= 0 || now >= sliceEnds) {
      sliceEnds = performance.now() + SLICE_MS;
      left = (BYTES_PER_SECOND * SLICE_MS) / 1000;
    }
  }
}
