import type http from 'node:http';
import type { NetworkOptions } from '../../core/network.ts';
import { type Clock, type RetryPolicy, withRetry } from '../../core/retry.ts';
import type { Credentials, Target } from '../../core/target.ts';
import { agentFor } from '../transport/agents.ts';
import { systemClock } from '../transport/clock.ts';
import { networkError } from '../transport/failures.ts';
import { quietSdks } from '../transport/quiet.ts';
import { classify, type RawReply, readReply } from './errors.ts';

const API_VERSION = '2021-07-01';
const DEFAULT_TIMEOUT_MS = 30_000;

export interface CallOptions {
  network?: NetworkOptions;
  /** Longest time for one answer. */
  timeoutMs?: number;
  signal?: AbortSignal;
  clock?: Clock;
  retry?: RetryPolicy;
}

export interface Call {
  /** Name of the operation, sent as x-acs-action (openapi.md section 0). */
  action: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Percent-encoded already. */
  path: string;
  /** Values that are undefined are left out. */
  query?: Record<string, string | number | boolean | undefined>;
  /** A JSON document, sent as it is. */
  body?: string;
  /** Whether sending it twice does no more than sending it once. */
  isRepeatable: boolean;
  onAttempt?: () => void;
}

/** The part of pop-core's ROAClient that is used; the package declares the RPC client only. */
interface RoaClient {
  request(
    method: string,
    path: string,
    query: Record<string, string>,
    body: string,
    headers: Record<string, string>,
    options: Record<string, unknown>,
  ): Promise<string>;
}

type RoaClientConstructor = new (
  options: Omit<Credentials, 'renew'> & { endpoint: string; apiVersion: string },
) => RoaClient;

/** Signs and sends single calls through pop-core; retries, errors and abort are decided here. */
export class ApiCaller {
  private client: { keys: Credentials; made: Promise<RoaClient> } | undefined;
  private readonly agent: http.Agent;
  private readonly network: NetworkOptions;
  private readonly clock: Clock;

  constructor(
    readonly target: Target,
    private readonly credentials: Credentials,
    private readonly options: CallOptions = {},
  ) {
    this.network = options.network ?? {};
    this.clock = options.clock ?? systemClock;
    this.agent = agentFor(new URL(target.apiUrl), { network: this.network });
  }

  call(call: Call): Promise<Record<string, unknown>> {
    return withRetry(() => this.attempt(call), {
      isRepeatable: call.isRepeatable,
      classify,
      clock: this.clock,
      signal: this.options.signal,
      policy: this.options.retry,
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private async attempt(call: Call): Promise<Record<string, unknown>> {
    call.onAttempt?.();
    const reply = await this.exchange(call).catch((error) => {
      this.options.signal?.throwIfAborted();
      throw networkError(error, new URL(this.target.apiUrl), this.network);
    });
    return readReply(reply, call.action, this.target.apiUrl, this.clock.now());
  }

  /** Signs with the keys of this moment: those of a role change while a long command runs. */
  private async connect(): Promise<RoaClient> {
    const keys = (await this.credentials.renew?.()) ?? this.credentials;
    if (
      this.client?.keys.accessKeyId !== keys.accessKeyId ||
      this.client.keys.securityToken !== keys.securityToken
    )
      this.client = { keys, made: createClient(this.target, keys) };
    return this.client.made;
  }

  private async exchange(call: Call): Promise<RawReply> {
    const client = await this.connect();
    const reply: RawReply = { status: 0, headers: {}, body: '' };
    const headers: Record<string, string> = { 'x-acs-action': call.action };
    if (call.body !== undefined) headers['content-type'] = 'application/json; charset=utf-8';
    // rawBody leaves status and headers unseen, so they are picked up from the request itself.
    reply.body = await client.request(call.method, call.path, texts(call.query), call.body ?? '', headers, {
      rawBody: true,
      agent: this.agent,
      timeout: this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      beforeRequest: (options: Record<string, unknown>) => ({
        ...options,
        signal: this.options.signal,
        onResponse: (response: http.IncomingMessage) => {
          reply.status = response.statusCode ?? 0;
          reply.headers = response.headers as RawReply['headers'];
        },
      }),
    });
    return reply;
  }
}

async function createClient(target: Target, credentials: Credentials): Promise<RoaClient> {
  quietSdks();
  const { default: popCore } = await import('../packages/pop-core.ts');
  const core = popCore as unknown as { ROAClient: RoaClientConstructor };
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  return new core.ROAClient({
    endpoint: target.apiUrl,
    apiVersion: API_VERSION,
    accessKeyId,
    accessKeySecret,
    securityToken,
  });
}

function texts(query: Call['query'] = {}): Record<string, string> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
}
