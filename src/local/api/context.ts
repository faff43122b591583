import type { BenchmarkTasks } from '../benchmark/tasks.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { ResourceGroups } from '../resources/groups.ts';
import type { Scaling } from '../scaling/scaling.ts';
import type { ServiceRow } from '../state/services.ts';
import type { State } from '../state/state.ts';
import { ApiError } from './error.ts';
import type { Query } from './query.ts';

/** What operations work with. */
export interface ApiContext {
  state: State;
  lifecycle: Lifecycle;
  apiUrl: string;
  region: string;
  uid: string;
  logsDir: string;
  scaling: Scaling;
  resources: ResourceGroups;
  benchmarks: BenchmarkTasks;
  /** Called when an entrance may lead elsewhere than before. */
  forgetRoutes(): void;
}

/** One call: path parameters, query and body, decoded. */
export interface Call {
  params: Record<string, string>;
  query: Query;
  /** The body as a JSON object; throws ApiError when it is none. */
  json(): Record<string, unknown>;
}

/** Answers the reply without its RequestId; throws ApiError for an error answer. */
export type Operation = (
  context: ApiContext,
  call: Call,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

/** The only region; another one in a path is `InvalidRegionId.NotFound`. */
export function regionOf({ region }: ApiContext, call: Call): void {
  const { ClusterId: cluster } = call.params;
  if (cluster !== region)
    throw new ApiError(
      404,
      'InvalidRegionId.NotFound',
      `Region [${cluster}] is not found: Local EAS is region [${region}]`,
    );
}

/** The service a path names, or `InvalidService.NotFound`. */
export function serviceOf(context: ApiContext, call: Call): ServiceRow {
  const { state, region } = context;
  regionOf(context, call);
  const { ServiceName: name = '' } = call.params;
  const row = state.services.byName(name);
  if (!row)
    throw new ApiError(
      404,
      'InvalidService.NotFound',
      `Service [${name}] in region [${region}] is not found`,
    );
  return row;
}

/** What a change does, for the safety lock: `dangerous` stops deletion and stopping, `all` every change. */
export type Risk = 'dangerous' | 'ordinary';

/** A service that may be changed now; a service being deleted or locked may not. */
export function changeableServiceOf(context: ApiContext, call: Call, risk: Risk = 'ordinary'): ServiceRow {
  const row = serviceOf(context, call);
  if (row.desired === 'deleted')
    throw new ApiError(
      409,
      'InvalidService.Deleting',
      `Service [${row.name}] in region [${context.region}] is being deleted`,
    );
  if (row.safety_lock === 'all' || (row.safety_lock === 'dangerous' && risk === 'dangerous'))
    throw new ApiError(
      403,
      'Forbidden.SafetyLock',
      `Service [${row.name}] has the safety lock [${row.safety_lock}]; set it to none first: eascmd lock ${row.name} none`,
    );
  return row;
}
