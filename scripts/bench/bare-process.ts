import { dlopen, FFIType, type Pointer, ptr, read, toArrayBuffer } from 'bun:ffi';
import { openLibc } from '../../src/worker/cpp/libc.ts';

/**
 * The peer of the cpp echo: what `Bun.serve` does with nothing behind it, or with the processor's library called on its
 * own thread (the one argument). The port is the first line, the end of stdin the end.
 */
const library = process.argv[2];
const answer = library ? throughLibrary(library) : (body: ArrayBuffer) => body;
const headers = { 'content-type': 'text/html; charset=utf-8' };
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async (request) => new Response(answer(await request.arrayBuffer()), { headers }),
});
process.stdout.write(`${server.port}\n`);
for await (const _ of Bun.stdin.stream());
await server.stop(true);

/** The ABI of serving.md d.3, as short as it can be. */
function throughLibrary(path: string): (body: ArrayBuffer) => Uint8Array {
  const { i32, ptr: pointer } = FFIType;
  const { symbols } = dlopen(path, {
    initialize: { args: [pointer, pointer, pointer], returns: pointer },
    process: { args: [pointer, pointer, i32, pointer, pointer], returns: i32 },
  });
  const empty = Buffer.from('\0');
  const out = new BigUint64Array(2);
  const model = symbols.initialize(ptr(empty), ptr(empty), ptr(out));
  const { free } = openLibc(process.platform);
  return (body) => {
    symbols.process(model, ptr(body), body.byteLength, ptr(out), (ptr(out) + 8) as Pointer);
    const address = read.ptr(ptr(out), 0) as Pointer;
    const copy = new Uint8Array(toArrayBuffer(address, 0, read.i32(ptr(out), 8))).slice();
    free(address);
    return copy;
  };
}
