import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { EasError } from '../../core/errors.ts';
import { type NetworkOptions, proxyFor } from '../../core/network.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** The connection could not be made in time; the request never left. */
export class ConnectTimeout extends Error {
  readonly code = 'ECONNTIMEOUT';
}

type Callback = (error: Error | null, socket: Duplex) => void;
interface ConnectOptions {
  host: string;
  port: number | string;
  /** An option of our own: sees the head of the answer, which the SDKs hide. */
  onResponse?: (response: http.IncomingMessage) => void;
}

export interface AgentOptions {
  network: NetworkOptions;
  /** Host to connect to instead of the one that requests name, for SDKs that refuse to name it. */
  dial?: string;
}

/** The agent for one target: direct or through its proxy, trusting the extra certificates. `destroy` drops its sockets. */
export function agentFor(target: URL, options: AgentOptions): http.Agent {
  const proxy = proxyFor(target, options.network);
  if (target.protocol === 'https:') return new SecureAgent(proxy, options);
  return new PlainAgent(proxy, options);
}

/** The proxy's refusal, for SDKs that lose the error itself. */
export function proxyFailureOf(agent: http.Agent): ProxyFailure | undefined {
  return agent instanceof SecureAgent ? agent.proxyFailure : undefined;
}

/** Built-in roots and the user's: a company's CA must not make the cloud's own certificates unknown. */
export function trustedRoots(network: NetworkOptions): string[] | undefined {
  return network.ca ? [...tls.rootCertificates, network.ca] : undefined;
}

class PlainAgent extends http.Agent {
  constructor(
    private readonly proxy: URL | undefined,
    private readonly own: AgentOptions,
  ) {
    super({ keepAlive: true });
  }

  /** Node's hook for a new request; not in its type declarations. */
  addRequest(request: http.ClientRequest, options: ConnectOptions): void {
    // pop-core writes the bare address, which is no Host.
    if (net.isIPv6(options.host)) request.setHeader('host', `[${options.host}]:${options.port}`);
    if (this.proxy) {
      // Through a proxy the request line names the whole address (RFC 9112, 3.2.2).
      const host = net.isIPv6(options.host) ? `[${options.host}]` : options.host;
      request.path = `http://${host}:${options.port}${request.path}`;
      const authorization = proxyAuthorization(this.proxy);
      if (authorization) request.setHeader('proxy-authorization', authorization);
    }
    if (options.onResponse) request.once('response', options.onResponse);
    queueRequest.call(this, request, options);
  }

  override createConnection(options: ConnectOptions): net.Socket {
    const to = address({ ...options, host: this.own.dial ?? options.host });
    const socket = this.proxy ? dialProxy(this.proxy, this.own.network) : net.connect(to);
    return limitConnectTime(socket);
  }
}

class SecureAgent extends https.Agent {
  proxyFailure: ProxyFailure | undefined;

  constructor(
    private readonly proxy: URL | undefined,
    private readonly own: AgentOptions,
  ) {
    super({ keepAlive: true, ca: trustedRoots(own.network) });
  }

  addRequest(request: http.ClientRequest, options: ConnectOptions): void {
    if (options.onResponse) request.once('response', options.onResponse);
    queueRequest.call(this, request, options);
  }

  override createConnection(named: ConnectOptions, callback?: Callback): Duplex | undefined {
    const options = { ...named, host: this.own.dial ?? named.host };
    const secure = {
      servername: net.isIP(options.host) ? undefined : options.host,
      ca: trustedRoots(this.own.network),
    };
    if (!this.proxy) return limitConnectTime(tls.connect({ ...address(options), ...secure }));
    openTunnel(this.proxy, options, this.own.network).then(
      (socket) => callback?.(null, tls.connect({ socket, host: options.host, ...secure })),
      (error) => {
        this.proxyFailure = error;
        callback?.(error, undefined as unknown as Duplex);
      },
    );
    return undefined;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: addRequest is Node's, but not in its type declarations
const queueRequest = (http.Agent.prototype as any).addRequest as (
  request: http.ClientRequest,
  options: ConnectOptions,
) => void;

const address = ({ host, port }: ConnectOptions) => ({
  host: host.replace(/^\[|\]$/g, ''),
  port: Number(port),
});

function dialProxy(proxy: URL, network: NetworkOptions): net.Socket {
  const to = address({ host: proxy.hostname, port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80) });
  if (proxy.protocol !== 'https:') return net.connect(to);
  return tls.connect({
    ...to,
    servername: net.isIP(to.host) ? undefined : to.host,
    ca: trustedRoots(network),
  });
}

function limitConnectTime<T extends net.Socket>(socket: T): T {
  const timer = setTimeout(
    () => socket.destroy(new ConnectTimeout('no connection in time')),
    CONNECT_TIMEOUT_MS,
  );
  const stop = () => clearTimeout(timer);
  socket.once(socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect', stop);
  socket.once('close', stop);
  return socket;
}

/** A connection to `to` made by the proxy with CONNECT; ProxyFailure when the proxy refuses. */
async function openTunnel(proxy: URL, to: ConnectOptions, network: NetworkOptions): Promise<net.Socket> {
  const authorization = proxyAuthorization(proxy);
  const target = `${to.host}:${to.port}`;
  const request = http.request({
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...(authorization && { 'proxy-authorization': authorization }) },
    createConnection: () => dialProxy(proxy, network),
    timeout: CONNECT_TIMEOUT_MS,
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown) => {
      request.destroy();
      reject(new ProxyFailure(proxy, what, cause));
    };
    request.on('timeout', () => fail('did not answer in time'));
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(`failed: ${error.code ?? error.message}`, error),
    );
    request.on('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket as net.Socket);
      else fail(`refused to connect to ${target}: status ${response.statusCode}`);
    });
    request.end();
  });
}

/** The proxy's fault, told by `reason`: SDKs write into the message of the errors that pass through them. */
export class ProxyFailure extends Error {
  readonly reason: EasError;

  constructor(proxy: URL, what: string, cause: unknown) {
    super(what);
    this.reason = new EasError({
      code: 'ProxyFailed',
      message: `the proxy ${proxy.protocol}//${proxy.host} ${what}`,
      hint: 'Check HTTPS_PROXY and HTTP_PROXY, or exclude the host with NO_PROXY.',
      cause,
    });
  }
}

function proxyAuthorization(proxy: URL): string | undefined {
  if (!proxy.username) return undefined;
  const plain = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(plain).toString('base64')}`;
}
