import { mergeConfig } from '../../service/merge.ts';
import type { Config } from '../../service/spec.ts';
import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';
import { createService } from './create-service.ts';

/** openapi.md CloneService: a new service from the description of another, with overrides; its token is its own. */
export function cloneService(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  const overrides = call.json();
  const name = overrides.name;
  if (name === undefined) throw new ApiError(400, 'MissingParameter', 'name is missing');
  if (name === row.name) throw invalid(`name must be another one than [${row.name}]`);
  const { token: _own, ...stored } = JSON.parse(row.config) as Config;
  const config = mergeConfig(stored, overrides);
  // Its reply is that of CreateService but for the region.
  const { Region: _region, ...reply } = createService(context, { ...call, json: () => config });
  return reply;
}
