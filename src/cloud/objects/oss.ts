import type http from 'node:http';
import { EasError, ExitCode } from '../../core/errors.ts';
import type { NetworkOptions } from '../../core/network.ts';
import type { FailedAttempt } from '../../core/retry.ts';
import type { Credentials, Target } from '../../core/target.ts';
import { agentFor, proxyFailureOf } from '../transport/agents.ts';
import { adviceFor, NetworkError, networkError } from '../transport/failures.ts';
import { quietSdks } from '../transport/quiet.ts';

const REQUEST_TIMEOUT_MS = 300_000;
/** How often ali-oss asks for the keys of the moment, when they can change. */
const RENEWAL_CHECK_MS = 30_000;

interface OssReply {
  res: { status: number; headers: Record<string, string | undefined> };
}

/** The part of ali-oss that uploads use; a Buffer is taken where its declarations want a path. */
export interface OssClient {
  put(key: string, body: Buffer): Promise<OssReply>;
  initMultipartUpload(key: string): Promise<{ uploadId: string }>;
  uploadPart(
    key: string,
    uploadId: string,
    number: number,
    body: Buffer,
    start: number,
    end: number,
  ): Promise<OssReply & { etag: string }>;
  completeMultipartUpload(
    key: string,
    uploadId: string,
    parts: { number: number; etag: string }[],
  ): Promise<OssReply>;
  abortMultipartUpload(key: string, uploadId: string): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

export interface OssConnection {
  client: OssClient;
  url: URL;
  agent: http.Agent;
}

/** A client for one bucket with sockets of its own; destroying `agent` ends whatever it is doing. */
export async function connectOss(
  objectStoreUrl: string,
  bucket: string,
  target: Target,
  credentials: Credentials,
  network: NetworkOptions,
): Promise<OssConnection> {
  quietSdks();
  const { default: OSS } = await import('ali-oss');
  const url = new URL(objectStoreUrl);
  // The documented endpoints say http; a token and a model should not travel in the clear when they need not.
  if (url.hostname.endsWith('.aliyuncs.com')) url.protocol = 'https:';
  // ali-oss takes no IPv6 address for an endpoint.
  const isIPv6 = url.hostname.startsWith('[');
  const agent = agentFor(url, { network, dial: isIPv6 ? url.hostname.slice(1, -1) : undefined });
  const endpoint = new URL(url);
  if (isIPv6) endpoint.hostname = 'localhost';
  const sts = credentials.securityToken
    ? { stsToken: credentials.securityToken, ...keepToken(credentials) }
    : {};
  const options = {
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret,
    ...sts,
    bucket,
    endpoint: endpoint.origin,
    region: `oss-${target.region}`,
    authorizationV4: true,
    // A name such as localhost takes no bucket in front of it.
    sldEnable: !endpoint.hostname.includes('.'),
    timeout: REQUEST_TIMEOUT_MS,
    agent,
    httpsAgent: agent,
  };
  return { client: new OSS(options as never) as unknown as OssClient, url, agent };
}

/** Without a way to renew the token ali-oss prints advice on the console. */
function keepToken(credentials: Credentials) {
  return {
    refreshSTSToken: async () => {
      const { accessKeyId, accessKeySecret, securityToken } = (await credentials.renew?.()) ?? credentials;
      return { accessKeyId, accessKeySecret, stsToken: securityToken };
    },
    refreshSTSTokenInterval: credentials.renew ? RENEWAL_CHECK_MS : Number.MAX_SAFE_INTEGER,
  };
}

interface OssFailure extends Error {
  status?: number;
  code?: string;
  requestId?: string;
}

/** An error of ali-oss in our words: the store's answer, or what broke on the way. */
export function ossError(
  error: unknown,
  connection: OssConnection,
  bucket: string,
  network: NetworkOptions,
): EasError {
  if (error instanceof EasError) return error;
  const proxyFailure = proxyFailureOf(connection.agent);
  if (proxyFailure) return proxyFailure.reason;
  const { status = 0, code = '', message, requestId } = error as OssFailure;
  if (status < 100) {
    // The socket's code survives in the text only.
    const errno = /\b(E[A-Z]{4,})\b/.exec(message)?.[1];
    return networkError(Object.assign(error as Error, { code: errno ?? code }), connection.url, network);
  }
  const { exit, hint } = adviceFor(code, status);
  return new EasError({
    code: code || `Http${status}`,
    // What ali-oss says about an answer without an XML body tells nothing.
    message:
      message && !/^unknow/i.test(message)
        ? message.split('\n')[0]!
        : `${connection.url.origin} answered with status ${status}`,
    hint: hintFor(code, status, bucket) ?? hint,
    exit: exit ?? ExitCode.failed,
    requestId,
    status,
  });
}

function hintFor(code: string, status: number, bucket: string): string | undefined {
  if (status === 507) return 'The object store has no room left: free some space there and upload again.';
  if (code === 'NoSuchBucket')
    return `There is no bucket "${bucket}": name one of yours with EAS_OSS_BUCKET or oss_bucket in the configuration.`;
  if (code === 'AccessDenied')
    return `Your AccessKey may not write to "${bucket}": name a bucket of yours with EAS_OSS_BUCKET or oss_bucket.`;
  return undefined;
}

export function classifyOss(error: unknown): FailedAttempt | undefined {
  if (error instanceof NetworkError)
    return { broken: error.isDropped ? 'dropped' : 'other', wasSent: error.wasSent };
  // A full store stays full.
  if (error instanceof EasError && error.status !== undefined && error.status !== 507)
    return { status: error.status, code: error.code, wasSent: true };
  return undefined;
}
