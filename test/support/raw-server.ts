import net from 'node:net';

export interface RawServer {
  url: string;
  connections: number;
  /** Connections open now. */
  open: number;
  stop(): void;
}

/** A TCP server on loopback that hands each connection to `serve` once its first bytes have come. */
export function startRaw(serve: (socket: net.Socket, index: number) => void): Promise<RawServer> {
  const sockets = new Set<net.Socket>();
  const raw: RawServer = { url: '', connections: 0, open: 0, stop: () => {} };
  const server = net.createServer((socket) => {
    const index = raw.connections++;
    sockets.add(socket);
    raw.open = sockets.size;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      raw.open = sockets.size;
    });
    socket.once('data', () => serve(socket, index));
  });
  raw.stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      raw.url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
      resolve(raw);
    });
  });
}
