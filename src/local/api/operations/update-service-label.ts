import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError } from '../error.ts';
import { labelMap } from '../labels.ts';

/** openapi.md UpdateServiceLabel: the labels sent are added to those there are. */
export function updateServiceLabel(context: ApiContext, call: Call) {
  const { Labels: sent } = call.json();
  if (sent === undefined || sent === null) throw new ApiError(400, 'MissingParameter', 'Labels is missing');
  const added = labelMap(sent, 'Labels');
  const row = context.state.transaction(() => {
    const current = changeableServiceOf(context, call);
    const labels = JSON.stringify({ ...(JSON.parse(current.labels) as Record<string, string>), ...added });
    context.state.services.change(current.id, { labels }, true);
    return current;
  });
  return { Message: `Succeed to update service [${row.name}] labels.` };
}
