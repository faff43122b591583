import type { Server } from 'bun';
import type { Reply } from '../queue/job.ts';
import { replies } from '../queue/replies.ts';
import type { Gate } from './gate.ts';
import { isAuthorized } from './token.ts';

const NO_BODY = new Uint8Array(0);
const MAX_BODY_BYTES = 0x7fff_ffff;

export interface HttpFrontOptions {
  host: string;
  port: number;
  token: string;
  gate: Gate;
  properties: () => Record<string, string>;
}

/**
 * The instance's own HTTP port, for clients in direct mode. Every path goes to the processor (serving.md a.1), but
 * the built-in ones.
 */
export function serveHttp({ host, port, token, gate, properties }: HttpFrontOptions): Server<undefined> {
  return Bun.serve({
    hostname: host,
    port,
    maxRequestBodySize: MAX_BODY_BYTES,
    // Bun would also close a connection whose request computes for longer; `rpc.keepalive` is the limit that counts.
    idleTimeout: 0,
    fetch(request) {
      const target = targetOf(request.url);
      if (target.startsWith('/api/builtin/')) {
        const reply = builtin(target, gate, () => isAuthorized(token, tokened(request, target)), properties);
        return toResponse(reply, gate.headers);
      }
      if (token !== '' && !isAuthorized(token, tokened(request, target))) {
        return toResponse(replies.unauthorized, gate.headers);
      }
      const refusal = gate.refusal();
      if (refusal) return toResponse(refusal, gate.headers);
      return new Promise<Response>((resolve) => run(request, gate, resolve));
    },
    error: () => new Response('internal error', { status: 500 }),
  });
}

function run(request: Request, gate: Gate, resolve: (response: Response) => void): void {
  const { dispatcher } = gate;
  const job = dispatcher.begin((reply) => resolve(toResponse(reply, gate.headers)));
  const submit = (body: Uint8Array) => {
    dispatcher.submit(job, body);
    if (job.state === 'waiting') {
      request.signal.addEventListener('abort', () => dispatcher.abandon(job), { once: true });
    }
  };
  if (hasBody(request)) {
    request.arrayBuffer().then(
      (body) => submit(new Uint8Array(body)),
      () => dispatcher.abandon(job),
    );
  } else submit(NO_BODY);
}

function hasBody(request: Request): boolean {
  return (
    (request.method !== 'GET' && request.method !== 'HEAD') ||
    request.headers.has('content-length') ||
    request.headers.has('transfer-encoding')
  );
}

function tokened(request: Request, target: string) {
  return { method: request.method, target, header: (name: string) => request.headers.get(name) };
}

/** Path and query of `http://host/path?query`. */
function targetOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return slash < 0 ? '/' : url.slice(slash);
}

function toResponse(reply: Reply, headers: Record<string, string>): Response {
  const { status } = reply;
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : reply.body, {
    status,
    headers: reply.close ? { ...headers, connection: 'close' } : headers,
  });
}

/** `ping` tells whether the instance is ready, without a token; `prop` shows the properties. */
function builtin(
  target: string,
  gate: Gate,
  authorized: () => boolean,
  properties: () => Record<string, string>,
): Reply {
  switch (target.split('?', 1)[0]) {
    case '/api/builtin/ping':
      return gate.dispatcher.ready ? { status: 200, body: 'pong' } : replies.notReady;
    case '/api/builtin/prop':
      return authorized() ? { status: 200, body: JSON.stringify(properties()) } : replies.unauthorized;
    default:
      return { status: 404, body: '' };
  }
}
