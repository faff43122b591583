import type { OssRequest } from '../request.ts';

/** What one of the four ways to sign says about a request. */
export interface Claim {
  accessKeyId: string;
  signature: string;
  /** Signatures computed from one secret; several where clients differ in what they sign. */
  expected(secret: string): string[];
}

/** `/bucket/key` as signed, decoded; `/bucket/` for a bucket and `/` for the service. */
export function signedResource({ bucket, key }: OssRequest): string {
  return bucket === '' ? '/' : `/${bucket}/${key}`;
}

export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
