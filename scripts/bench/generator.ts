/** A small load generator for machines without wrk: one JSON argument, one JSON line of result. */
export {};

const options = JSON.parse(process.argv[2]!) as {
  url: string;
  token: string;
  body: string;
  contentType?: string;
  connections: number;
  seconds: number;
};

const { hostname, port, pathname } = new URL(options.url);
const request = Buffer.from(
  `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${options.token}\r\n` +
    (options.contentType ? `Content-Type: ${options.contentType}\r\n` : '') +
    `Content-Length: ${Buffer.byteLength(options.body)}\r\n\r\n${options.body}`,
);
const latencies: number[] = [];
const end = performance.now() + options.seconds * 1000;

interface Caller {
  answer: string;
  sentAt: number;
  done: () => void;
}

function send(socket: Bun.Socket<Caller>): void {
  socket.data.answer = '';
  socket.data.sentAt = performance.now();
  socket.write(request);
}

function receive(socket: Bun.Socket<Caller>, chunk: Uint8Array): void {
  const caller = socket.data;
  caller.answer += Buffer.from(chunk).toString('latin1');
  const head = caller.answer.indexOf('\r\n\r\n');
  if (head < 0) return;
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(caller.answer)?.[1] ?? 0);
  if (caller.answer.length < head + 4 + length) return;
  if (!caller.answer.startsWith('HTTP/1.1 200')) throw new Error(caller.answer.slice(0, head));
  latencies.push(performance.now() - caller.sentAt);
  if (performance.now() < end) send(socket);
  else socket.end();
}

const callers = Array.from({ length: options.connections }, () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return Bun.connect<Caller>({
    hostname,
    port: Number(port),
    data: { answer: '', sentAt: 0, done: resolve },
    socket: { open: send, data: receive, close: (socket) => socket.data.done() },
  }).then(() => promise);
});
await Promise.all(callers);
latencies.sort((a, b) => a - b);
const result = {
  ratePerSecond: latencies.length / options.seconds,
  p50Ms: latencies[latencies.length >> 1] ?? 0,
  p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
