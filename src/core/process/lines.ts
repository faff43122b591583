/** Reads a child's output line by line; a line longer than `maxBytes` is dropped, so a flood costs no memory. */
export async function eachLine(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
  maxBytes = 1024 * 1024,
): Promise<void> {
  const decoder = new TextDecoder();
  let pending = '';
  let isSkipping = false;
  for await (const chunk of stream) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    for (const [index, piece] of pieces.entries()) {
      if (!isSkipping) pending += piece;
      if (pending.length > maxBytes) {
        pending = '';
        isSkipping = true;
      }
      if (index === pieces.length - 1) break;
      if (!isSkipping && pending.trim()) onLine(pending);
      pending = '';
      isSkipping = false;
    }
  }
}
