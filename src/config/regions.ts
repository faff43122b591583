import { usageError } from '../core/errors.ts';
import { closest } from '../core/suggest.ts';

export const DEFAULT_REGION = 'cn-shanghai';

/** Regions with an EAS endpoint `pai-eas.<region>.aliyuncs.com` (openapi.md 9; those of the manual are among them). */
export const REGIONS: readonly string[] = [
  'cn-shanghai',
  'cn-beijing',
  'cn-hangzhou',
  'cn-shenzhen',
  'cn-hongkong',
  'cn-zhangjiakou',
  'cn-chengdu',
  'cn-guangzhou',
  'cn-heyuan',
  'cn-wulanchabu',
  'cn-zhongwei',
  'cn-north-2-gov-1',
  'cn-shanghai-finance-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-3',
  'ap-southeast-5',
  'ap-southeast-7',
  'ap-southeast-8',
  'eu-central-1',
  'me-central-1',
  'me-east-1',
  'na-south-1',
  'us-east-1',
  'us-southeast-1',
  'us-west-1',
];

export function apiUrlOf(region: string): string {
  return `https://pai-eas.${region}.aliyuncs.com`;
}

/** Object store of a region (eascmd.md 4); `internal` is reached from inside the cloud only (`upload --inner`). */
export function objectStoreUrlOf(region: string, side: 'public' | 'internal' = 'public'): string {
  return `http://oss-${region}${side === 'internal' ? '-internal' : ''}.aliyuncs.com`;
}

/** The system's model bucket of a region (eascmd.md 4). */
export function modelBucketOf(region: string): string {
  return `eas-model-${region.replace(/^cn-/, '')}`;
}

/** The error for a region id that is in no table, with the one that was probably meant. */
export function unknownRegion(region: string, from: string) {
  const similar = closest(region, [...REGIONS, 'local']);
  return usageError(
    'UnknownRegion',
    `unknown region "${region}" (from ${from})`,
    similar ? `Did you mean "${similar}"?` : 'Give a region id, a host, a URL, or "local".',
    [`Regions: ${REGIONS.join(', ')}`],
  );
}
