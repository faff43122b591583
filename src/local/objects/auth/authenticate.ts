import { CLOCK_SKEW_MS } from '../../signature/clock.ts';
import { sameSignature } from '../../signature/compare.ts';
import type { SecretLookup } from '../../signature/verdict.ts';
import { OssError } from '../errors.ts';
import type { OssRequest } from '../request.ts';
import type { Claim } from './canonical.ts';
import { claimOfV1Header, claimOfV1Query } from './v1.ts';
import { claimOfV4Header, claimOfV4Query, v4DateMs } from './v4.ts';

export interface Gatekeeper {
  lookupSecret: SecretLookup;
  region: string;
}

/**
 * Throws unless the request is signed by a known AccessKey: V1 or V4, in the Authorization header or in the query
 * (presigned). There are no public buckets. A security token is only covered by the signature: Local EAS issues none.
 */
export function authenticate(request: OssRequest, gatekeeper: Gatekeeper, nowMs: number): void {
  const claim = claimOf(request, gatekeeper.region, nowMs);
  const secret = gatekeeper.lookupSecret(claim.accessKeyId);
  if (secret === undefined)
    throw new OssError(
      'InvalidAccessKeyId',
      'The OSS Access Key Id you provided does not exist in our records.',
      {
        OSSAccessKeyId: claim.accessKeyId,
      },
    );
  if (!claim.expected(secret).some((expected) => sameSignature(claim.signature, expected)))
    throw new OssError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { OSSAccessKeyId: claim.accessKeyId, SignatureProvided: claim.signature },
    );
}

function claimOf(request: OssRequest, region: string, nowMs: number): Claim {
  const authorization = request.headers.get('authorization');
  if (authorization === null) {
    if (request.query.has('x-oss-signature-version')) return claimOfV4Query(request, region, nowMs);
    if (request.query.has('OSSAccessKeyId')) return claimOfV1Query(request, nowMs);
    throw new OssError('AccessDenied', 'You have no right to access this object because of bucket acl.');
  }
  const isV4 = authorization.startsWith('OSS4-HMAC-SHA256 ');
  checkClock(request.headers, isV4, nowMs);
  return isV4 ? claimOfV4Header(request, authorization, region) : claimOfV1Header(request, authorization);
}

function checkClock(headers: Headers, isV4: boolean, nowMs: number): void {
  const date = headers.get('x-oss-date') ?? headers.get('date') ?? '';
  const sentMs = isV4 ? v4DateMs(date) : Date.parse(date);
  if (Number.isNaN(sentMs)) throw new OssError('AccessDenied', 'OSS authentication requires a valid Date.');
  if (Math.abs(nowMs - sentMs) > CLOCK_SKEW_MS)
    throw new OssError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      {
        MaxAllowedSkewMilliseconds: String(CLOCK_SKEW_MS),
        RequestTime: date,
        ServerTime: new Date(nowMs).toISOString(),
      },
    );
}
