import { startObjectStore } from './object-store.ts';

/** A store in a process of its own, so that it can be killed: directory in, port out. Ends with its stdin. */
const running = startObjectStore(Bun.argv[2]);
process.stdout.write(`${running.port}\n`);
for await (const _chunk of Bun.stdin.stream());
await running.stop();
