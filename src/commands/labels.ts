import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import type { EasApi } from '../core/service/api.ts';
import type { Service } from '../core/service/model.ts';
import { closest } from '../core/suggest.ts';
import type { View } from '../ui/view.ts';
import { acknowledgedView } from '../ui/views/changes.ts';
import { labelListView } from '../ui/views/labels.ts';

const HINT = 'use: eascmd labels <service_name> [set <key>=<value>... | rm <key>...]';

/** Shows the labels of a service, adds some (openapi.md UpdateServiceLabel) or takes some away. */
export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const action = args.optional(1);
  const words = args.rest(2);
  const change = action === undefined ? undefined : changeOf(action, words);
  const api = await clients.api();
  if (!change) return labelListView(await api.describeService(name));
  return acknowledgedView(await change(api, name));
}

type Change = (api: EasApi, name: string) => Promise<{ RequestId: string; Message: string }>;

function changeOf(action: string, words: string[]): Change {
  if (action !== 'set' && action !== 'rm')
    throw usageError('WrongUsage', `labels knows no ${JSON.stringify(action)}`, HINT);
  if (words.length === 0) throw usageError('WrongUsage', `Which labels? Nothing follows "${action}"`, HINT);
  if (action === 'set') {
    const labels = pairs(words);
    return (api, name) => api.updateServiceLabel(name, labels);
  }
  const odd = words.find((word) => word.includes('='));
  if (odd !== undefined) throw usageError('InvalidLabel', `rm takes keys, not ${JSON.stringify(odd)}`, HINT);
  return async (api, name) => {
    checkKnown(name, words, (await api.describeService(name)).Labels ?? []);
    return api.deleteServiceLabel(name, words);
  };
}

function checkKnown(name: string, keys: string[], labels: NonNullable<Service['Labels']>): void {
  const known = labels.map(({ LabelKey }) => LabelKey);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const similar = closest(unknown, known);
  throw usageError(
    'UnknownLabel',
    `Service [${name}] has no label [${unknown}]`,
    similar ? `did you mean ${similar}?` : `eascmd labels ${name} shows them`,
  );
}

function pairs(words: string[]): Record<string, string> {
  const labels = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals < 1) throw usageError('InvalidLabel', `${JSON.stringify(word)} is not <key>=<value>`, HINT);
    const key = word.slice(0, equals);
    if (labels.has(key)) throw usageError('InvalidLabel', `The label ${key} is given twice`, HINT);
    labels.set(key, word.slice(equals + 1));
  }
  return Object.fromEntries(labels);
}
