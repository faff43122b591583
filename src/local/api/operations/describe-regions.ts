import type { ApiContext } from '../context.ts';

/** openapi.md DescribeRegions: this machine is the only one. */
export function describeRegions(context: ApiContext) {
  return { Regions: [{ RegionId: context.region, RegionName: 'Local EAS' }] };
}
