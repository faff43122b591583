import { instanceCount } from '../../service/read.ts';
import { resize } from '../../service/resize.ts';
import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

/** openapi.md ScaleService: existing instances are not touched (eascmd.md 1.3). */
export function scaleService(context: ApiContext, call: Call) {
  const { state, region } = context;
  const { Instance: wanted, InstancesToDelete: leaving } = call.json();
  if (wanted === undefined || wanted === null)
    throw new ApiError(400, 'MissingParameter', 'Instance is missing');
  const instances = instanceCount(wanted);
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    const names = leavingNames(context, current.id, leaving, current.instances - instances);
    resize(state, current, instances);
    return { ...current, names };
  });
  context.lifecycle.drain(row.id, row.names);
  context.lifecycle.wake(row.id);
  return { Message: `Service [${row.name}] in region [${region}] is scaling` };
}

function leavingNames(context: ApiContext, id: string, value: unknown, fewer: number): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid('InstancesToDelete must be a list of instance names');
  const known = context.lifecycle.instances(id).map(({ identity }) => identity.name);
  const unknown = value.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw invalid(`InstancesToDelete: there is no instance ${JSON.stringify(unknown)}`);
  if (value.length > Math.max(0, fewer))
    throw invalid(
      `InstancesToDelete names ${value.length} instances, but only ${Math.max(0, fewer)} are to go`,
    );
  return value as string[];
}
