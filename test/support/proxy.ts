import net from 'node:net';

export interface Proxy {
  url: string;
  /** Request lines as the proxy got them: `CONNECT host:port` or `GET http://…`. */
  lines: string[];
  /** Value of Proxy-Authorization, per request. */
  authorizations: (string | undefined)[];
  stop(): void;
}

export interface ProxyOptions {
  /** Status that every request is refused with. */
  refuse?: number;
  /** Port of 127.0.0.1 that stands for the target; its own port unless told otherwise. */
  portOf?: (target: URL, isConnect: boolean) => number;
  /** Carries the bytes between both ends; `connection` counts from 0. Whole and at once unless told otherwise. */
  carry?: (client: net.Socket, upstream: net.Socket, connection: number) => void;
}

/**
 * A little forward proxy on loopback: CONNECT and absolute-form requests, both sent on to 127.0.0.1 whatever the
 * host's name is, so that names nobody can resolve prove that the client left the resolving to the proxy.
 */
export function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const proxy: Proxy = { url: '', lines: [], authorizations: [], stop: () => {} };
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = net.createServer((client) => {
    keep(client).once('data', (first) => {
      const text = first.toString('latin1');
      const [line = '', ...headers] = text.split('\r\n\r\n')[0]!.split('\r\n');
      const [method, target = ''] = line.split(' ');
      proxy.lines.push(`${method} ${target}`);
      const authorization = headers.find((header) => /^proxy-authorization:/i.test(header));
      proxy.authorizations.push(authorization?.slice(authorization.indexOf(':') + 1).trim());
      if (options.refuse) {
        client.end(`HTTP/1.1 ${options.refuse} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const isConnect = method === 'CONNECT';
      const url = new URL(isConnect ? `http://${target}` : target);
      const port = options.portOf?.(url, isConnect) ?? Number(url.port);
      const upstream = keep(net.connect(port, '127.0.0.1'));
      if (isConnect) client.write('HTTP/1.1 200 OK\r\n\r\n');
      else upstream.write(text.replace(target, url.pathname + url.search), 'latin1');
      if (options.carry) return options.carry(client, upstream, proxy.lines.length - 1);
      client.pipe(upstream);
      upstream.pipe(client);
    });
  });
  proxy.stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      proxy.url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
      resolve(proxy);
    });
  });
}
