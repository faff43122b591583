import { createHash, createHmac } from 'node:crypto';
import { OssError } from '../errors.ts';
import type { OssRequest } from '../request.ts';
import { type Claim, compareText, signedResource } from './canonical.ts';

const ALGORITHM = 'OSS4-HMAC-SHA256';

/** `Authorization: OSS4-HMAC-SHA256 Credential=…[,AdditionalHeaders=…],Signature=…`. */
export function claimOfV4Header(request: OssRequest, authorization: string, region: string): Claim {
  const fields = new Map(
    authorization
      .slice(ALGORITHM.length)
      .split(',')
      .map((field): [string, string] => {
        const equals = field.indexOf('=');
        return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()];
      }),
  );
  const payload = request.headers.get('x-oss-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  if (payload !== 'UNSIGNED-PAYLOAD')
    throw new OssError('InvalidArgument', 'The value of x-oss-content-sha256 must be UNSIGNED-PAYLOAD.');
  return claim(request, region, {
    credential: fields.get('Credential') ?? '',
    date: request.headers.get('x-oss-date') ?? request.headers.get('date') ?? '',
    additional: fields.get('AdditionalHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
  });
}

/** `?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=…&x-oss-date=…&x-oss-expires=…&x-oss-signature=…`. */
export function claimOfV4Query(request: OssRequest, region: string, nowMs: number): Claim {
  const { query } = request;
  const date = query.get('x-oss-date') ?? '';
  const seconds = Number(query.get('x-oss-expires'));
  if (!(seconds > 0))
    throw new OssError('AccessDenied', 'Query-string authentication requires x-oss-expires.');
  if (v4DateMs(date) + seconds * 1000 < nowMs) throw new OssError('AccessDenied', 'Request has expired.');
  return claim(request, region, {
    credential: query.get('x-oss-credential') ?? '',
    date,
    additional: query.get('x-oss-additional-headers') ?? '',
    signature: query.get('x-oss-signature') ?? '',
  });
}

/** Time of an `x-oss-date` such as `20261122T161500Z`, or of a Date header, which the Go SDK 1.x signs; else NaN. */
export function v4DateMs(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

interface V4Fields {
  credential: string;
  date: string;
  additional: string;
  signature: string;
}

function claim(request: OssRequest, region: string, fields: V4Fields): Claim {
  const [accessKeyId = '', day = '', signedRegion = '', product, terminator] = fields.credential.split('/');
  if (product !== 'oss' || terminator !== 'aliyun_v4_request')
    throw new OssError(
      'InvalidArgument',
      'The credential is not <AccessKeyId>/<date>/<region>/oss/aliyun_v4_request.',
    );
  if (signedRegion !== region)
    throw new OssError(
      'InvalidArgument',
      `Invalid signing region in Authorization header: expected ${region}.`,
      {
        Region: region,
      },
    );
  const dateMs = v4DateMs(fields.date);
  if (Number.isNaN(dateMs) || new Date(dateMs).toISOString().slice(0, 10).replaceAll('-', '') !== day)
    throw new OssError('AccessDenied', 'OSS authentication requires a valid x-oss-date.');
  const scope = `${day}/${region}/oss/aliyun_v4_request`;
  const texts = canonicalRequests(request, fields.additional).map((canonical) =>
    [ALGORITHM, fields.date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n'),
  );
  return {
    accessKeyId,
    signature: fields.signature,
    expected: (secret) => {
      const key = [day, region, 'oss', 'aliyun_v4_request'].reduce<string | Buffer>(
        (previous, part) => createHmac('sha256', previous).update(part).digest(),
        `aliyun_v4${secret}`,
      );
      return texts.map((text) => createHmac('sha256', key).update(text).digest('hex'));
    },
  };
}

/** A query name without a value is signed bare; some clients sign `name=`. */
function canonicalRequests(request: OssRequest, additional: string): string[] {
  const { method, headers, query } = request;
  const uri = encode(signedResource(request)).replaceAll('%2F', '/');
  const pairs = [...query]
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => compareText(a, b));
  const more = additional === '' ? [] : additional.split(';');
  const headerLines = [...headers]
    .filter(([name]) => /^(content-type|content-md5|x-oss-.*)$/.test(name) || more.includes(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}:${value.trim()}\n`)
    .join('');
  const forms = ['', '='].map((whenEmpty) =>
    pairs.map(([name, value]) => (value === '' ? `${name}${whenEmpty}` : `${name}=${value}`)).join('&'),
  );
  const tail = [headerLines, additional, headers.get('x-oss-content-sha256') ?? 'UNSIGNED-PAYLOAD'];
  return [...new Set(forms)].map((queryString) => [method, uri, queryString, ...tail].join('\n'));
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
