/**
 * Runs `work` on the items, at most `concurrency` at once, and yields the results in the order of the items. The
 * first failure ends it; what is in flight then is left to its signal.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  concurrency: number,
  work: (item: Item, index: number) => Promise<Result>,
): AsyncGenerator<Result> {
  const inFlight: Promise<Result>[] = [];
  let index = 0;
  for (const item of items) {
    const result = work(item, index++);
    // Awaited later; until then a rejection is not an unhandled one.
    result.catch(() => {});
    inFlight.push(result);
    if (inFlight.length >= concurrency) yield await inFlight.shift()!;
  }
  while (inFlight.length > 0) yield await inFlight.shift()!;
}

/** Lines of the input without their ends; the end of the last line is not one more line. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    yield bytes.subarray(start, bytes[end - 1] === 13 && end > start ? end - 1 : end);
    start = end + 1;
  }
}
