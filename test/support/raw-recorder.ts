import net from 'node:net';

export interface RawRequest {
  method: string;
  /** Path and query, byte for byte. */
  target: string;
  /** In the order sent, names in lower case; a name that comes twice is an error. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface RawRecorder {
  url: string;
  requests: RawRequest[];
  stop(): void;
}

/** Takes requests apart by hand, so that no server in between tidies them up; answers each with `body`. */
export function recordRaw(body: string): Promise<RawRecorder> {
  const requests: RawRequest[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let got = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const request = parse(got);
      if (!request) return;
      got = Buffer.alloc(0);
      requests.push(request);
      const length = Buffer.byteLength(body);
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\ncontent-length: ${length}\r\n\r\n${body}`,
      );
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
        requests,
        stop() {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      }),
    );
  });
}

/** Undefined until the whole request has come. */
function parse(bytes: Buffer): RawRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...rest] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers: Record<string, string> = {};
  for (const text of rest) {
    const [name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(text)?.slice(1) ?? [];
    if (name.toLowerCase() in headers) throw new Error(`the header ${name} was sent twice`);
    headers[name.toLowerCase()] = value;
  }
  const body = bytes.subarray(end + 4);
  if (body.length < Number(headers['content-length'] ?? 0)) return undefined;
  const [method = '', target = ''] = line.split(' ');
  return { method, target, headers, body: Buffer.from(body) };
}
