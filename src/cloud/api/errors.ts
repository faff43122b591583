import { EasError, ExitCode } from '../../core/errors.ts';
import { type FailedAttempt, retryAfterMs } from '../../core/retry.ts';
import { adviceFor, NetworkError } from '../transport/failures.ts';

export interface RawReply {
  status: number;
  headers: Record<string, string | undefined>;
  body: string;
}

/** An answer of the API that is an error (openapi.md section 1). */
export class ApiError extends EasError {
  readonly retryAfterMs: number | undefined;

  constructor(fields: ConstructorParameters<typeof EasError>[0], waitMs: number | undefined) {
    super(fields);
    this.retryAfterMs = waitMs;
  }
}

/** The JSON object of an answer; ApiError for an error answer, EasError for what EAS would never say. */
export function readReply(
  reply: RawReply,
  action: string,
  apiUrl: string,
  nowMs: number,
): Record<string, unknown> {
  const json = parseObject(reply.body);
  if (reply.status >= 400) throw apiError(reply, json, action, apiUrl, nowMs);
  if (reply.status === 204) return {};
  if (reply.status < 300 && json) return json;
  throw new EasError({
    code: 'UnexpectedReply',
    message: `${apiUrl} answered ${action} with status ${reply.status} and ${describe(reply)} instead of JSON`,
    hint: 'This does not look like EAS: check the endpoint (-e) and any proxy in between.',
    status: reply.status,
  });
}

function apiError(
  reply: RawReply,
  json: Record<string, unknown> | undefined,
  action: string,
  apiUrl: string,
  nowMs: number,
): ApiError {
  const text = (...names: string[]) => {
    const found = names
      .map((name) => json?.[name])
      .find((value) => typeof value === 'string' && value !== '');
    return found as string | undefined;
  };
  const code = text('Code', 'code') ?? '';
  const { exit, hint } = adviceFor(code, reply.status);
  const isForeign = !json;
  return new ApiError(
    {
      code: code || `Http${reply.status}`,
      message:
        text('Message', 'message') ??
        `${apiUrl} answered ${action} with status ${reply.status}${isForeign ? ` and ${describe(reply)}` : ''}`,
      hint: hint ?? text('Recommend'),
      exit: exit ?? ExitCode.failed,
      requestId: text('RequestId', 'requestId', 'requestid') ?? reply.headers['x-acs-request-id'],
      status: reply.status,
    },
    retryAfterMs(reply.headers, nowMs),
  );
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function describe({ body, headers }: RawReply): string {
  if (body === '') return 'nothing';
  return headers['content-type']?.split(';')[0] || 'text of no known kind';
}

/** What the retry policy has to know about an error of an attempt. */
export function classify(error: unknown): FailedAttempt | undefined {
  if (error instanceof ApiError)
    return { status: error.status, code: error.code, retryAfterMs: error.retryAfterMs, wasSent: true };
  if (error instanceof NetworkError)
    return { broken: error.isDropped ? 'dropped' : 'other', wasSent: error.wasSent };
  return undefined;
}
