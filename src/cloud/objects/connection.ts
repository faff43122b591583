import type http from 'node:http';
import type { NetworkOptions } from '../../core/network.ts';
import { type Clock, DEFAULT_RETRY, type RetryPolicy, withRetry } from '../../core/retry.ts';
import type { Credentials } from '../../core/target.ts';
import { agentFor } from '../transport/agents.ts';
import { quietSdks } from '../transport/quiet.ts';
import { classifyOss, isTokenRefused, ossError } from './failures.ts';
import type { OssClient } from './oss-client.ts';
import { type TransferContext, Transport } from './transport.ts';

/** Silence of this length in the middle of a request ends it. */
const IDLE_TIMEOUT_MS = 180_000;
/** How often the keys of the moment are asked for when they can change. */
const TOKEN_RENEWAL_MS = 30_000;
/** OSS takes clocks that are off by up to 15 minutes. */
const TOLERATED_SKEW_MS = 60_000;

/** A store that was reached before is given half a minute to come back. */
const PATIENT_RETRY: RetryPolicy = { ...DEFAULT_RETRY, maxAttempts: 9 };

export interface ConnectionOptions {
  /** Base URL of the object store. */
  url: string;
  region: string;
  /** Absent for requests to the service itself. */
  bucket?: string;
  credentials: Credentials;
  /** Reads the credentials again when the store refuses a token that does not renew itself. */
  renewCredentials?: () => Promise<Credentials>;
  network: NetworkOptions;
  clock: Clock;
  retry?: RetryPolicy;
}

/** ali-oss on our own transport, for one bucket. */
export class OssConnection {
  private constructor(
    private readonly client: OssClient,
    private readonly transport: Transport,
    private readonly agent: http.Agent,
    private readonly options: ConnectionOptions,
    private readonly url: URL,
  ) {}

  static async open(options: ConnectionOptions): Promise<OssConnection> {
    quietSdks();
    const { default: OSS } = await import('../packages/ali-oss.ts');
    const { credentials } = options;
    const url = new URL(options.url);
    // The documented endpoints say http; a token and a model should not travel in the clear when they need not.
    if (url.hostname.endsWith('.aliyuncs.com')) url.protocol = 'https:';
    // ali-oss takes no IPv6 address for an endpoint.
    const isIPv6 = url.hostname.startsWith('[');
    const dial = isIPv6 ? url.hostname.slice(1, -1) : undefined;
    const agent = agentFor(url, { network: options.network, dial });
    const endpoint = new URL(url);
    if (isIPv6) endpoint.hostname = 'localhost';
    const transport = new Transport(agent);
    const settings = {
      ...aliKeys(credentials),
      ...(credentials.securityToken && {
        // Without a way to renew the token ali-oss prints advice on the console.
        refreshSTSToken: async () => aliKeys((await credentials.renew?.()) ?? credentials),
        refreshSTSTokenInterval: credentials.renew ? TOKEN_RENEWAL_MS : Number.MAX_SAFE_INTEGER,
      }),
      bucket: options.bucket,
      endpoint: endpoint.origin,
      region: `oss-${options.region}`,
      authorizationV4: true,
      // A name such as localhost takes no bucket in front of it.
      sldEnable: !endpoint.hostname.includes('.'),
      timeout: IDLE_TIMEOUT_MS,
      urllib: transport,
    };
    const client = new OSS(settings as never) as unknown as OssClient;
    return new OssConnection(client, transport, agent, options, url);
  }

  get origin(): string {
    return this.url.origin;
  }

  /**
   * Runs an operation, again when that is safe and useful: after throttling, 5xx, a dropped connection, a clock that is off
   * or a token that has expired. Rejects with EasError, or with the signal's reason.
   */
  async request<T>(operation: (client: OssClient) => Promise<T>, context: TransferContext = {}): Promise<T> {
    const client: OssClient = Object.assign(Object.create(this.client), { ctx: context });
    const attempt = () =>
      operation(client).catch((error) => {
        context.signal?.throwIfAborted();
        throw ossError(error, { ...this.options, agent: this.agent, url: this.url });
      });
    return withRetry(
      () => {
        const used = { ...this.client.options };
        return attempt().catch(async (error) => {
          if (await this.repair(error, used)) return attempt();
          throw error;
        });
      },
      {
        isRepeatable: true,
        classify: (error) => classifyOss(error, this.transport.hasAnswered),
        clock: this.options.clock,
        signal: context.signal,
        policy: this.options.retry ?? (this.transport.hasAnswered ? PATIENT_RETRY : DEFAULT_RETRY),
      },
    );
  }

  close(): void {
    this.agent.destroy();
  }

  /** True when what was wrong with a request that used these options is right now; others may have seen to it. */
  private async repair(error: { code?: string }, used: OssClient['options']): Promise<boolean> {
    const { options } = this.client;
    if (error.code === 'RequestTimeTooSkewed') {
      options.amendTimeSkewed = this.transport.clockOffsetMs;
      return Math.abs(options.amendTimeSkewed - (used.amendTimeSkewed ?? 0)) > TOLERATED_SKEW_MS;
    }
    if (!isTokenRefused(error.code ?? '')) return false;
    const { credentials, renewCredentials } = this.options;
    const renewed = options.stsToken === used.stsToken && (await (credentials.renew ?? renewCredentials)?.());
    if (renewed) Object.assign(options, aliKeys(renewed));
    return options.stsToken !== used.stsToken;
  }
}

const aliKeys = ({ accessKeyId, accessKeySecret, securityToken }: Credentials) => ({
  accessKeyId,
  accessKeySecret,
  stsToken: securityToken,
});
