import type { Server } from 'bun';
import type { Dispatcher } from '../queue/dispatcher.ts';
import type { Reply } from '../queue/job.ts';
import { replies } from '../queue/replies.ts';
import { BUILTIN_PATH, BuiltinHandlers } from './builtin/builtin.ts';
import { Callers } from './callers.ts';
import type { Gate } from './gate.ts';
import type { InjectedHandlers } from './injected.ts';
import { isAuthorized } from './token.ts';

const NO_BODY = new Uint8Array(0);
const MAX_BODY_BYTES = 0x7fff_ffff;

export interface HttpFrontOptions {
  host: string;
  port: number;
  token: string;
  gate: Gate;
  injected: InjectedHandlers;
  properties: () => Record<string, string>;
}

/**
 * The instance's own HTTP port, for clients in direct mode. Every path goes to the processor (serving.md a.1), but
 * the built-in ones and those that user code has injected.
 */
export function serveHttp(options: HttpFrontOptions): Server<undefined> {
  const { host, port, token, gate, injected, properties } = options;
  const builtin = new BuiltinHandlers(gate, properties);
  const callers = new Callers();
  return Bun.serve({
    hostname: host,
    port,
    maxRequestBodySize: MAX_BODY_BYTES,
    // Bun would also close a connection whose request computes for longer; `rpc.keepalive` is the limit that counts.
    idleTimeout: 0,
    // Bun shares ports by default where NODE_ENV is production.
    reusePort: false,
    fetch(request, server) {
      const target = targetOf(request.url);
      const handler = injected.at(target.split('?', 1)[0]!);
      if (handler) {
        if (!isAuthorized(handler.token ?? token, tokened(request, target)))
          return toResponse(replies.unauthorized, gate.headers);
        return new Promise<Response>((resolve) => run(request, handler.dispatcher, gate, callers, resolve));
      }
      if (target.startsWith(BUILTIN_PATH)) {
        return builtin.handle(request, target.split('?', 1)[0]!, {
          isAuthorized: () => isAuthorized(token, tokened(request, target)),
          isLocal: () => isOwnAddress(server.requestIP(request)?.address, host),
        });
      }
      if (token !== '' && !isAuthorized(token, tokened(request, target))) {
        return toResponse(replies.unauthorized, gate.headers);
      }
      const refusal = gate.refusal();
      if (refusal) return toResponse(refusal, gate.headers);
      return new Promise<Response>((resolve) => run(request, gate.dispatcher, gate, callers, resolve));
    },
    error: () => new Response('internal error', { status: 500 }),
  });
}

function run(
  request: Request,
  dispatcher: Dispatcher,
  gate: Gate,
  callers: Callers,
  resolve: (response: Response) => void,
): void {
  const job = dispatcher.begin((reply) => resolve(toResponse(reply, gate.headers)));
  const submit = (body: Uint8Array) => {
    dispatcher.submit(job, body);
    if (job.state === 'waiting') callers.watch(request, job, dispatcher);
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

function isOwnAddress(address: string | undefined, host: string): boolean {
  return address !== undefined && (address === host || /^(::1|(::ffff:)?127\.[\d.]+)$/.test(address));
}
