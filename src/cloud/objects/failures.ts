import type http from 'node:http';
import { EasError, ExitCode } from '../../core/errors.ts';
import type { NetworkOptions } from '../../core/network.ts';
import type { FailedAttempt } from '../../core/retry.ts';
import { proxyFailureOf } from '../transport/agents.ts';
import { adviceFor, NetworkError, networkError } from '../transport/failures.ts';

interface OssFailure extends Error {
  status?: number;
  code?: string;
  requestId?: string;
}

/** Where a request was going, for the words of its failure. */
interface Place {
  agent: http.Agent;
  url: URL;
  bucket?: string;
  network: NetworkOptions;
}

/** An error of ali-oss in our words: the store's answer, or what broke on the way. */
export function ossError(error: unknown, { agent, url, bucket, network }: Place): EasError {
  if (error instanceof EasError) return error;
  const proxyFailure = proxyFailureOf(agent);
  if (proxyFailure) return proxyFailure.reason;
  const { status = 0, code = '', message, requestId } = error as OssFailure;
  if (status < 100) return networkError(error, url, network);
  const { exit, hint } = adviceFor(code, status);
  return new EasError({
    code: code || `Http${status}`,
    // What ali-oss says about an answer without an XML body tells nothing.
    message:
      message && !/^unknow/i.test(message)
        ? message.split('\n')[0]!
        : `${url.origin} answered with status ${status}`,
    hint: hintFor(code, status, bucket) ?? hint,
    exit: exit ?? ExitCode.failed,
    requestId,
    status,
  });
}

function hintFor(code: string, status: number, bucket: string | undefined): string | undefined {
  if (status === 507) return 'The object store has no room left: free some space there and upload again.';
  if (code === 'RequestTimeTooSkewed')
    return "Set this machine's clock: it is off, and the store's own time did not help.";
  if (code === 'NoSuchBucket')
    return `There is no bucket "${bucket}": name one of yours with --to oss://<bucket>/, EAS_OSS_BUCKET or oss_bucket.`;
  if (code === 'AccessDenied' && bucket?.startsWith('eas-model-'))
    return `Your AccessKey may not use the model repository "${bucket}": name a bucket of yours with --to oss://<bucket>/, EAS_OSS_BUCKET or oss_bucket.`;
  if (code === 'AccessDenied' && bucket)
    return `Your AccessKey may not do this in "${bucket}": ask for the permission in RAM, or name another bucket (--to oss://<bucket>/, EAS_OSS_BUCKET, oss_bucket).`;
  return undefined;
}

/** What a retry needs to know; a store that answered before is expected to come back when it cannot be reached. */
export function classifyOss(error: unknown, hasAnswered: boolean): FailedAttempt | undefined {
  if (error instanceof NetworkError) {
    const isPassing = error.isDropped || (hasAnswered && error.code !== 'TlsFailed');
    return { broken: isPassing ? 'dropped' : 'other', wasSent: error.wasSent };
  }
  if (error instanceof EasError && error.code === 'PartDamaged') return { broken: 'dropped', wasSent: true };
  // A full store stays full.
  if (error instanceof EasError && error.status !== undefined && error.status !== 507)
    return { status: error.status, code: error.code, wasSent: true };
  return undefined;
}

/** Codes for a security token that is wrong or has expired. */
export const isTokenRefused = (code: string) =>
  /^(InvalidSecurityToken|SecurityToken(Expired|Malformed)?)/.test(code);
