import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import type { ServiceDocument } from '../core/service/model.ts';
import { legalServiceName, SERVICE_NAME_RULE, serviceNameProblem } from '../core/service/names.ts';
import type { View } from '../ui/view.ts';
import { dryRunView } from '../ui/views/changes.ts';
import { readDescription } from './description.ts';
import { noteLocalEffects } from './effect.ts';
import { checkResourceGroup } from './resource/known.ts';
import { followCreation } from './watching/creation.ts';

/** openapi.md CloneService: the body holds what differs, the name at least. Output and wait are those of `create`. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const overrides = await overridesOf(context, args, name);
  if (args.isSet('dryRun')) {
    const target = await context.clients.target();
    const path = `/api/v2/services/${target.region}/${name}/clone`;
    return dryRunView(target, { method: 'POST', path, body: overrides });
  }
  await checkResourceGroup(context, overrides);
  await noteLocalEffects(context, overrides);
  const api = await context.clients.api();
  return followCreation(context, args, await api.cloneService(name, overrides));
}

async function overridesOf(context: Context, args: Arguments, name: string): Promise<ServiceDocument> {
  const file = args.text('source');
  const document = file === undefined ? {} : await readDescription(context, file, 'modify');
  const given = args.optional(1);
  if (given !== undefined && document.name !== undefined && document.name !== given)
    throw usageError(
      'NameMismatch',
      `The new service is named [${given}] on the command line and [${document.name}] in ${file}`,
      'give the new name once',
    );
  const fresh = given ?? document.name;
  if (typeof fresh !== 'string')
    throw usageError(
      'NameMissing',
      `The copy of service [${name}] needs a name`,
      `use: eascmd clone ${name} <new_name>, or "name" in the file given with -s`,
    );
  const problem = serviceNameProblem(fresh);
  if (problem) {
    const legal = legalServiceName(fresh);
    throw usageError('InvalidName', problem, legal ? `Did you mean "${legal}"?` : SERVICE_NAME_RULE);
  }
  if (fresh === name)
    throw usageError('NameTaken', `Service [${name}] can't be cloned to its own name`, 'choose another one');
  return { ...document, name: fresh };
}
