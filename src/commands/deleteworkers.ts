import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { closest } from '../core/suggest.ts';
import type { View } from '../ui/view.ts';
import { acknowledgedView } from '../ui/views/changes.ts';
import { confirmed } from './confirmation.ts';
import { listAllInstances } from './watching/instances.ts';

/** eascmd.md 2.10. Names that are no instances of the service are refused before anything is asked. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const service = args.required(0);
  const names = namesOf(args.required(1));
  const { region } = await context.clients.target();
  const api = await context.clients.api();
  const { Instances: instances } = await listAllInstances(api, service);
  checkKnown(
    service,
    names,
    instances.map(({ InstanceName }) => InstanceName),
  );
  const list = names.join(',');
  await confirmed(context, args, {
    question: `Are you sure to delete the instances [${list}] of service [${service}] in [${region}]?`,
    refused: `No instance of service [${service}] was deleted`,
  });
  const reply = await api.deleteServiceInstances(service, names);
  return acknowledgedView(reply);
}

function namesOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes(''))
    throw usageError(
      'InvalidInstanceNames',
      `<instance_names> ${JSON.stringify(text)} has an empty name`,
      'separate names with one comma and no blank: a-1,a-2',
    );
  return [...new Set(names)];
}

function checkKnown(service: string, names: string[], known: string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const similar = closest(unknown, known);
  throw usageError(
    'InvalidInstance.NotFound',
    `Service [${service}] has no instance [${unknown}]`,
    similar ? `did you mean ${similar}?` : `eascmd w ${service} shows them`,
    known.length > 0 ? ['its instances are:', ...known] : ['it has no instance now'],
  );
}
