import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

/** openapi.md DeleteServiceLabel: LabelKeys as JSON; the older Keys as JSON too, or comma-joined. */
export function deleteServiceLabel(context: ApiContext, call: Call) {
  const keys = labelKeys(call);
  if (keys.length === 0) throw new ApiError(400, 'MissingParameter', 'LabelKeys is missing');
  const row = context.state.transaction(() => {
    const current = changeableServiceOf(context, call);
    const labels = JSON.parse(current.labels) as Record<string, string>;
    for (const key of keys) delete labels[key];
    context.state.services.change(current.id, { labels: JSON.stringify(labels) }, true);
    return current;
  });
  return { Message: `Succeed to delete service [${row.name}] labels.` };
}

function labelKeys({ query }: Call): string[] {
  const joined = query.text('Keys');
  if (query.text('LabelKeys') === undefined && joined !== undefined && !joined.startsWith('['))
    return joined.split(',').filter((key) => key !== '');
  const keys = query.json('LabelKeys') ?? query.json('Keys') ?? [];
  if (!Array.isArray(keys) || keys.some((key) => typeof key !== 'string'))
    throw invalid('LabelKeys must be a JSON list of texts');
  return keys as string[];
}
