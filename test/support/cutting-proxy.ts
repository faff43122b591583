import net from 'node:net';

export interface CuttingProxy {
  url: string;
  connections: number;
  stop(): void;
}

export interface Cuts {
  /** Called with what a client sent so far on one connection; true resets that connection. */
  cutUpload?: (sentBytes: number, connection: number) => boolean;
  /** Called with what the server answered so far on one connection; true resets it. */
  cutDownload?: (answeredBytes: number, connection: number) => boolean;
  /** What the client gets in place of a piece of the server's answer. */
  change?: (piece: Buffer) => Buffer;
}

/** Passes bytes on to `port` of this machine and breaks connections when told. */
export async function startCuttingProxy(port: number, cuts: Cuts): Promise<CuttingProxy> {
  const open = new Set<net.Socket>();
  const proxy: CuttingProxy = { url: '', connections: 0, stop: () => {} };
  const server = net.createServer((client) => {
    const connection = ++proxy.connections;
    const upstream = net.connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    let sent = 0;
    let answered = 0;
    client.on('data', (data) => {
      sent += data.length;
      if (cuts.cutUpload?.(sent, connection)) client.resetAndDestroy();
      else upstream.write(data);
    });
    upstream.on('data', (data: Buffer) => {
      answered += data.length;
      if (cuts.cutDownload?.(answered, connection)) client.resetAndDestroy();
      else client.write(cuts.change?.(data) ?? data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  proxy.stop = () => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return proxy;
}
