import { Gateway, type GatewayOptions } from '../../src/local/gateway/gateway.ts';
import type { Alternative, Backend, Route } from '../../src/local/gateway/routes.ts';

export const TOKEN = 'NTVhNDE0YzY5ODU2MmQzYzU1ZjQ1ZGYzMzVjYzUyNzFlMzk5NTIyMQ==';

/** A gateway behind a server on a free port, with routes that a test changes as a lifecycle would. */
export class GatewayServer {
  readonly routes = new Map<string, Route>();
  readonly alternatives = new Map<string, Alternative[]>();
  readonly logged: string[] = [];
  readonly gateway: Gateway;
  readonly url: string;
  readonly port: number;
  private readonly server: Bun.Server<unknown>;

  constructor(options: GatewayOptions & { idleTimeout?: number } = {}) {
    this.gateway = new Gateway(
      {
        find: (service) => this.routes.get(service),
        alternatives: (service) => this.alternatives.get(service),
      },
      (line) => this.logged.push(line),
      options,
    );
    this.server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      idleTimeout: options.idleTimeout ?? 10,
      maxRequestBodySize: 1024 ** 3,
      fetch: (request, server) => this.gateway.handle(request, server),
    });
    this.port = this.server.port!;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  route(service: string, backends: Backend[], token = TOKEN): Route {
    const route = { service, token, backends };
    this.routes.set(service, route);
    return route;
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/api/predict/${path}`, {
      method: 'POST',
      ...init,
      headers: { authorization: TOKEN, ...(init.headers as Record<string, string>) },
    });
  }

  /**
   * One request as text over a connection of its own, and the same again once the answer ends with `end`: the server
   * has hung up, or it answers the second one too.
   */
  twice(request: string, end: string): Promise<{ first: string; isClosed: boolean }> {
    return new Promise((resolve, reject) => {
      let text = '';
      let first: string | undefined;
      Bun.connect({
        hostname: '127.0.0.1',
        port: this.port,
        socket: {
          open: (socket) => void socket.write(request),
          data: (socket, chunk) => {
            text += new TextDecoder().decode(chunk);
            if (!text.endsWith(end)) return;
            if (first !== undefined) {
              resolve({ first, isClosed: false });
              socket.end();
              return;
            }
            first = text;
            text = '';
            socket.write(request);
          },
          close: () => resolve({ first: first ?? text, isClosed: true }),
          error: (_, error) => reject(error),
        },
      });
    });
  }

  close(): void {
    this.gateway.close();
    this.server.stop(true);
  }
}

/** Waits until `holds`, and says what it waited for when it never does. */
export async function until(what: string, holds: () => boolean, limitMs = 30_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await Bun.sleep(5);
  }
}
