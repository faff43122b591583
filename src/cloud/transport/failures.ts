import { EasError, ExitCode } from '../../core/errors.ts';
import { type NetworkOptions, proxyFor } from '../../core/network.ts';
import { ProxyFailure } from './agents.ts';

/** Error codes of sockets, DNS and TLS, as Node names them. */
const CODES: Record<
  string,
  { code: string; what: string; hint?: string; dropped?: boolean; unsent?: boolean }
> = {
  ECONNREFUSED: { code: 'ConnectionRefused', what: 'nothing listens at', unsent: true },
  ENOTFOUND: {
    code: 'HostNotFound',
    what: 'there is no such host:',
    hint: 'Check the endpoint (-e) and the network connection.',
    unsent: true,
  },
  EAI_AGAIN: {
    code: 'HostNotFound',
    what: 'the name service does not answer for',
    hint: 'Check the network connection.',
    unsent: true,
  },
  ENETUNREACH: { code: 'Unreachable', what: 'there is no way to', unsent: true },
  EHOSTUNREACH: { code: 'Unreachable', what: 'there is no way to', unsent: true },
  ECONNTIMEOUT: { code: 'ConnectTimeout', what: 'no connection in time to', unsent: true },
  UND_ERR_CONNECT_TIMEOUT: { code: 'ConnectTimeout', what: 'no connection in time to', unsent: true },
  ETIMEDOUT: { code: 'Timeout', what: 'no answer in time from' },
  UND_ERR_HEADERS_TIMEOUT: { code: 'Timeout', what: 'no answer in time from' },
  UND_ERR_BODY_TIMEOUT: { code: 'Timeout', what: 'the answer stopped half-way from' },
  ECONNRESET: { code: 'ConnectionReset', what: 'the connection was dropped by', dropped: true },
  EPIPE: { code: 'ConnectionReset', what: 'the connection was dropped by', dropped: true },
  UND_ERR_SOCKET: { code: 'ConnectionReset', what: 'the connection was dropped by', dropped: true },
};

const TLS_CODE = /^(CERT_|ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;
/** What httpx appends to every message. */
const SDK_TAIL = /(GET|POST|PUT|DELETE) https?:\S+ failed\.$/;
const DROPPED_WORDS = /socket hang up|aborted|closed unexpectedly|ECONNRESET|premature|terminated/i;

/** An exchange that broke without an answer. */
export class NetworkError extends EasError {
  readonly isDropped: boolean;
  readonly wasSent: boolean;

  constructor(fields: ConstructorParameters<typeof EasError>[0], isDropped: boolean, wasSent: boolean) {
    super(fields);
    this.isDropped = isDropped;
    this.wasSent = wasSent;
  }
}

/** Names what broke between us and `target`, with the proxy in between when there is one. */
export function networkError(error: unknown, target: URL, network: NetworkOptions): EasError {
  if (error instanceof EasError) return error;
  if (error instanceof ProxyFailure) return error.reason;
  const { code = '', name = '' } = error as NodeJS.ErrnoException;
  const message = String((error as Error).message ?? error).replace(SDK_TAIL, '');
  const proxy = proxyFor(target, network);
  const via = proxy ? ` through the proxy ${proxy.protocol}//${proxy.host}` : '';
  const place = `${target.origin}${via}`;
  if (TLS_CODE.test(code) || /certificate/i.test(message))
    return new NetworkError(
      {
        code: 'TlsFailed',
        message: `the secure connection to ${place} failed: ${code || message}`,
        hint: 'If a company proxy or a private CA signs it, name its PEM file in EAS_CA_FILE.',
        cause: error,
      },
      false,
      false,
    );
  const isTimeout = /RequestTimeout|ResponseTimeout/.test(name);
  const key = isTimeout ? 'ETIMEDOUT' : CODES[code] ? code : DROPPED_WORDS.test(message) ? 'ECONNRESET' : '';
  const known = CODES[key];
  const fallback = proxy
    ? 'Check the endpoint (-e) and the proxy (HTTPS_PROXY, HTTP_PROXY, NO_PROXY).'
    : 'Check the endpoint (-e) and the network connection; a proxy is set with HTTPS_PROXY.';
  return new NetworkError(
    {
      code: known?.code ?? 'NetworkFailed',
      message: known ? `${known.what} ${place}` : `cannot talk to ${place}: ${message || code}`,
      hint: (!proxy && known?.hint) || fallback,
      cause: error,
    },
    known?.dropped ?? false,
    !known?.unsent,
  );
}

const CREDENTIAL_CODES =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken|SecurityToken|MissingSecurityToken|InvalidTimeStamp|SignatureNonce|Forbidden|NoPermission|AccessDenied)/;

/** The exit code and the next step for an error code of the API or the object store. */
export function adviceFor(code: string, status: number): { exit: ExitCode; hint?: string } {
  // Nobody's keys open a lock (Local EAS's code for it; the cloud's is unknown).
  if (code === 'Forbidden.SafetyLock') return { exit: ExitCode.failed };
  const isRefused = CREDENTIAL_CODES.test(code) || status === 401 || (status === 403 && code === '');
  if (!isRefused) return { exit: ExitCode.failed, hint: hintFor(code, status) };
  return { exit: ExitCode.credentials, hint: credentialsHint(code) };
}

function credentialsHint(code: string): string {
  if (code.startsWith('InvalidAccessKeyId'))
    return 'Check the AccessKey ID: `eascmd config show` tells where it comes from.';
  if (code.startsWith('SignatureDoesNotMatch') || code.startsWith('IncompleteSignature'))
    return 'Check the AccessKey secret: `eascmd config show` tells where it comes from.';
  if (code.startsWith('InvalidTimeStamp')) return "Set this machine's clock.";
  if (/SecurityToken/.test(code))
    return 'The STS token is wrong or has expired: get a new one and pass it with -t.';
  if (code === 'Forbidden.PrivilegeCheckFailed')
    return 'The name belongs to another account, or your RAM user may not touch it.';
  return 'Ask for the permission in RAM, or use another AccessKey: `eascmd config show` tells which is in use.';
}

function hintFor(code: string, status: number): string | undefined {
  if (code === 'InvalidService.NotFound') return '`eascmd ls` lists the services of this region.';
  if (code === 'InvalidResource.NotFound')
    return '`eascmd resource ls` lists the resource groups of this region.';
  if (code.startsWith('Throttling') || status === 429) return 'Too many requests: try again in a while.';
  // Its message says what to do.
  if (status === 507) return undefined;
  // Local EAS's own: the message names the file and the field.
  if (code === 'InvalidResourceFile') return 'Correct that file; it is read again as soon as it is written.';
  if (status >= 500) return 'The service has a problem of its own: try again later.';
  return undefined;
}
