import { createHmac } from 'node:crypto';
import { OssError } from '../errors.ts';
import type { OssRequest } from '../request.ts';
import { type Claim, compareText, signedResource } from './canonical.ts';

/** Query names that are part of the V1 resource (OSS API reference, "Include signatures in the Authorization header"). */
const SUBRESOURCES = new Set([
  ...[
    'acl',
    'append',
    'asyncFetch',
    'bucketInfo',
    'callback',
    'callback-var',
    'cname',
    'comp',
    'continuation-token',
  ],
  ...[
    'cors',
    'delete',
    'encryption',
    'endTime',
    'img',
    'inventory',
    'inventoryId',
    'lifecycle',
    'live',
    'location',
  ],
  ...[
    'logging',
    'objectMeta',
    'partNumber',
    'policy',
    'position',
    'qos',
    'qosInfo',
    'referer',
    'replication',
  ],
  ...[
    'replicationLocation',
    'replicationProgress',
    'requestPayment',
    'resourceGroup',
    'response-cache-control',
  ],
  ...['response-content-disposition', 'response-content-encoding', 'response-content-language'],
  ...[
    'response-content-type',
    'response-expires',
    'restore',
    'security-token',
    'sequential',
    'startTime',
    'stat',
  ],
  ...['status', 'style', 'styleName', 'symlink', 'tagging', 'transferAcceleration', 'uploadId', 'uploads'],
  ...['versionId', 'versioning', 'versions', 'vod', 'website', 'worm', 'wormExtend', 'wormId'],
  ...['x-oss-process', 'x-oss-request-payer', 'x-oss-traffic-limit'],
]);

/** `Authorization: OSS <AccessKeyId>:<base64 HMAC-SHA1>`. */
export function claimOfV1Header(request: OssRequest, authorization: string): Claim {
  const parts = /^OSS ([^\s:]+):(\S+)$/.exec(authorization);
  if (!parts) throw new OssError('InvalidArgument', 'Authorization header is invalid.');
  const { headers } = request;
  const dates = [headers.get('x-oss-date'), headers.get('date')].filter((date) => date !== null);
  if (dates.length === 0) throw new OssError('AccessDenied', 'OSS authentication requires a valid Date.');
  return claim(request, parts[1]!, parts[2]!, dates);
}

/** `?OSSAccessKeyId=…&Expires=<unix seconds>&Signature=…`. */
export function claimOfV1Query(request: OssRequest, nowMs: number): Claim {
  const expires = request.query.get('Expires') ?? '';
  if (!/^\d+$/.test(expires))
    throw new OssError('AccessDenied', 'Query-string authentication requires Expires.');
  if (Number(expires) * 1000 < nowMs) throw new OssError('AccessDenied', 'Request has expired.');
  return claim(request, request.query.get('OSSAccessKeyId') ?? '', request.query.get('Signature') ?? '', [
    expires,
  ]);
}

function claim(request: OssRequest, accessKeyId: string, signature: string, dates: string[]): Claim {
  const texts = dates.map((date) => stringToSign(request, date));
  return {
    accessKeyId,
    signature,
    expected: (secret) => texts.map((text) => createHmac('sha1', secret).update(text).digest('base64')),
  };
}

function stringToSign(request: OssRequest, date: string): string {
  const { method, headers, query } = request;
  const ossHeaders = [...headers]
    .filter(([name]) => name.startsWith('x-oss-'))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}:${value.trim()}`);
  const subresources = [...query]
    .filter(([name]) => SUBRESOURCES.has(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const resource = signedResource(request) + (subresources.length > 0 ? `?${subresources.join('&')}` : '');
  const plain = [method, headers.get('content-md5') ?? '', headers.get('content-type') ?? '', date];
  return [...plain, ...ossHeaders, resource].join('\n');
}
