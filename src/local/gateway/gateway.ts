import { parseAddress } from './address.ts';
import {
  clientGone,
  methodNotAllowed,
  noHealthyUpstream,
  type ResetReason,
  tooLarge,
  unauthorized,
  unrouted,
  upstreamReset,
} from './answers.ts';
import { isAuthorized } from './authorization.ts';
import { chooseRoute, evenDraw } from './choice.ts';
import { Exchange, type ExchangeFate } from './exchange.ts';
import { HeadCache } from './heads.ts';
import { Instances } from './instances.ts';
import { Meters } from './meters.ts';
import type { Routes } from './routes.ts';
import { Sweeper } from './sweep.ts';

export interface GatewayOptions {
  /** A request body above this is answered 413. */
  maxBodyBytes?: number;
  /** Bodies held at once, all requests together; one more is answered 503 `overflow`. */
  maxHeldBytes?: number;
  /** The gateway's own limit, answered 504; the service's keepalive limit is the worker's. */
  timeoutMs?: number;
}

/** Largest request body by default; the server in front needs a `maxRequestBodySize` of at least this. */
export const MAX_BODY_BYTES = 512 * 1024 * 1024;
const MAX_HELD_BYTES = 1024 * 1024 * 1024;
/** What newer gateways allow (serving.md e, rpc.keepalive of dedicated gateways). */
const TIMEOUT_MS = 600_000;

/** The prediction gateway: serving.md (a) in front of the instances of this machine. */
export class Gateway implements ExchangeFate {
  private readonly instances: Instances;
  private readonly meters = new Meters();
  private readonly heads = new HeadCache();
  private readonly sweeper: Sweeper;
  private readonly maxBodyBytes: number;
  private readonly maxHeldBytes: number;
  private heldBytes = 0;
  private draws = 0;
  private isClosed = false;

  constructor(
    private readonly routes: Routes,
    log: (line: string) => void,
    options: GatewayOptions = {},
  ) {
    this.maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    this.maxHeldBytes = options.maxHeldBytes ?? MAX_HELD_BYTES;
    this.instances = new Instances(this, log);
    this.sweeper = new Sweeper(this.instances, options.timeoutMs ?? TIMEOUT_MS);
  }

  /** Answers `/api/predict/<service>[/sub][?query]`; anything else is an unrouted 404. */
  handle(request: Request, server: Bun.Server<unknown>): Promise<Response> | Response {
    const address = parseAddress(request.url);
    const route = address && this.routes.find(address.service);
    if (!address || !route) return unrouted();
    const { method } = request;
    if (method !== 'POST' && method !== 'GET') return methodNotAllowed();
    if (!isAuthorized(route.token, method, request.headers, address)) return unauthorized();
    const announced = method === 'GET' ? 0 : Number(request.headers.get('content-length') ?? 0);
    if (announced > this.maxBodyBytes) return tooLarge(this.maxBodyBytes);
    if (this.heldBytes + announced > this.maxHeldBytes) return upstreamReset('overflow');
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(request, server, address, route, this, resolve);
      if (method === 'GET') this.begin(exchange);
      else this.receive(exchange, announced, reject);
    });
  }

  /**
   * Sends no new exchange to this instance; resolves when none is in flight there, or after `graceMs`. What is
   * under way goes on, and whoever asks ends the instance afterwards.
   */
  retire(instance: string, graceMs: number): Promise<void> {
    return this.instances.retire(instance, graceMs);
  }

  /** Requests handed to instances of this service and not answered yet. */
  inFlight(service: string): number {
    return this.meters.read(service).inFlight;
  }

  /** Requests handed to instances of this service, and those that came to its path in vain, since the gateway was made. */
  counters(service: string): { requests: number; unserved: number } {
    const { requests, unserved } = this.meters.read(service);
    return { requests, unserved };
  }

  /** Ends all links; what is in flight is answered 503. */
  close(): void {
    this.isClosed = true;
    this.sweeper.stop();
    this.instances.close();
  }

  /** ExchangeFate: see exchange.ts. */
  settled(exchange: Exchange): void {
    this.heldBytes -= exchange.body.byteLength;
  }

  /** ExchangeFate: see exchange.ts. */
  notStarted(exchange: Exchange, reason: ResetReason): void {
    exchange.withdraw();
    const link = this.isClosed ? undefined : this.instances.choose(exchange.route.backends, exchange.tried);
    if (link) exchange.sendOn(link);
    else exchange.settle(upstreamReset(reason));
  }

  /** ExchangeFate: see exchange.ts. */
  lost(exchange: Exchange): void {
    exchange.settle(upstreamReset('connection termination'));
  }

  /** Reads the body; `announcedBytes` count as held while it comes. */
  private receive(exchange: Exchange, announcedBytes: number, reject: (error: unknown) => void): void {
    this.heldBytes += announcedBytes;
    exchange.request.bytes().then(
      (body) => {
        this.heldBytes += body.byteLength - announcedBytes;
        exchange.body = body;
        try {
          this.begin(exchange);
        } catch (error) {
          reject(error);
        }
      },
      () => {
        this.heldBytes -= announcedBytes;
        exchange.settle(clientGone());
      },
    );
  }

  private begin(exchange: Exchange): void {
    const { request, address, body } = exchange;
    if (body.byteLength > this.maxBodyBytes) {
      exchange.settle(tooLarge(this.maxBodyBytes));
      return;
    }
    const alternatives = this.routes.alternatives?.(address.service);
    const route = alternatives ? chooseRoute(alternatives, evenDraw(this.draws++)) : exchange.route;
    const link = route && !this.isClosed ? this.instances.choose(route.backends, undefined) : undefined;
    if (!route || !link) {
      this.meters.of(address.service).unserved++;
      exchange.settle(noHealthyUpstream());
      return;
    }
    exchange.route = route;
    exchange.head = this.heads.of(request.method as 'GET' | 'POST', address.target);
    exchange.begin(this.meters.of(route.service), this.sweeper.now);
    this.sweeper.start();
    exchange.sendOn(link);
  }
}
