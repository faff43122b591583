import type { Dispatcher } from 'undici/index.js';
import { EasError } from '../../core/errors.ts';
import { type NetworkOptions, proxyFor } from '../../core/network.ts';
import { trustedRoots } from '../transport/agents.ts';
import { networkError } from '../transport/failures.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';
const CONNECT_TIMEOUT_MS = 10_000;
/** Waiting for a connection counts against the time of an answer, so callers limit themselves instead. */
const MAX_CONNECTIONS = 1_000;

export interface PredictRequest {
  /** The whole address, e.g. `http://<uid>.cn-shanghai.pai-eas.aliyuncs.com/api/predict/echo`. */
  url: string;
  /** Sent as it is in Authorization (serving.md a.3); a public service has none. */
  token?: string;
  body: Uint8Array | string;
  contentType?: string;
  /** POST unless told otherwise; a GET sends no body. */
  method?: 'POST' | 'GET';
  headers?: Record<string, string>;
  /** Longest time for the whole answer. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface Prediction {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** From sending to the last byte. */
  latencyMs: number;
}

export interface PredictClient {
  /** Any status is a result; EasError only when no whole answer came. Never repeated: a prediction may have effects. */
  predict(request: PredictRequest): Promise<Prediction>;
  close(): Promise<void>;
}

export interface PredictClientOptions {
  network?: NetworkOptions;
  /** Connections kept per service at most. */
  connections?: number;
}

/** Predictions over keep-alive connections (serving.md a), bodies untouched in both directions. */
export function createPredictClient(options: PredictClientOptions = {}): PredictClient {
  return new UndiciPredictClient(options.network ?? {}, options.connections ?? MAX_CONNECTIONS);
}

class UndiciPredictClient implements PredictClient {
  private readonly dispatchers = new Map<string, Promise<Dispatcher>>();

  constructor(
    private readonly network: NetworkOptions,
    private readonly connections: number,
  ) {}

  async predict(request: PredictRequest): Promise<Prediction> {
    const url = targetOf(request.url);
    const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    request.signal?.throwIfAborted();
    const dispatcher = await this.dispatcherFor(url);
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    const method = request.method ?? 'POST';
    const startedAt = performance.now();
    try {
      const answer = await dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: headersOf(request, method),
        body: method === 'GET' ? undefined : request.body,
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const body = new Uint8Array(await answer.body.arrayBuffer());
      const latencyMs = performance.now() - startedAt;
      return { status: answer.statusCode, headers: flatten(answer.headers), body, latencyMs };
    } catch (error) {
      request.signal?.throwIfAborted();
      if (deadline.aborted) throw timedOut(url, timeoutMs, error);
      throw networkError(error, url, this.network);
    }
  }

  async close(): Promise<void> {
    const open = [...this.dispatchers.values()];
    this.dispatchers.clear();
    await Promise.all(open.map(async (dispatcher) => (await dispatcher).destroy()));
  }

  private dispatcherFor(url: URL): Promise<Dispatcher> {
    let dispatcher = this.dispatchers.get(url.origin);
    if (!dispatcher) {
      dispatcher = this.connect(url);
      this.dispatchers.set(url.origin, dispatcher);
    }
    return dispatcher;
  }

  private async connect(url: URL): Promise<Dispatcher> {
    // Bun answers `undici` itself with an imitation that ignores timeouts and connection limits.
    const { Agent, ProxyAgent } = await import('undici/index.js');
    const ca = trustedRoots(this.network);
    const proxy = proxyFor(url, this.network);
    const { connections } = this;
    if (!proxy)
      return new Agent({ allowH2: false, connections, connect: { ca, timeout: CONNECT_TIMEOUT_MS } });
    const { username, password } = proxy;
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    proxy.username = '';
    proxy.password = '';
    return new ProxyAgent({
      uri: proxy.href,
      allowH2: false,
      token: username ? `Basic ${Buffer.from(login).toString('base64')}` : undefined,
      requestTls: { ca },
      proxyTls: { ca },
      connections,
      // Many proxies open tunnels to TLS ports only.
      proxyTunnel: url.protocol === 'https:',
    });
  }
}

function targetOf(text: string): URL {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new EasError({ code: 'InvalidUrl', message: `"${text}" is not the address of a service`, exit: 2 });
}

function headersOf(request: PredictRequest, method: string): Record<string, string> {
  const headers: Record<string, string> = { ...request.headers };
  if (method !== 'GET') headers['content-type'] ??= request.contentType ?? DEFAULT_CONTENT_TYPE;
  if (request.token) headers.authorization ??= request.token;
  return headers;
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, [value].flat().join(', ')]));
}

function timedOut(url: URL, timeoutMs: number, cause: unknown): EasError {
  return new EasError({
    code: 'Timeout',
    message: `no whole answer from ${url.origin}${url.pathname} within ${timeoutMs} ms`,
    hint: 'Give it more time with --timeout, or look at the instances with `eascmd w <service>`.',
    cause,
  });
}
