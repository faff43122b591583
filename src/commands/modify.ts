import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { type Difference, differences } from '../core/service/difference.ts';
import { applyAssignments, classifyChange } from '../core/service/document.ts';
import type { Service, ServiceDocument } from '../core/service/model.ts';
import type { Goal } from '../core/wait/goal.ts';
import type { View } from '../ui/view.ts';
import { dryRunView, type PlannedRequest } from '../ui/views/changes.ts';
import { differenceLines, differenceView } from '../ui/views/differences.ts';
import { located, readDescription, shownName } from './description.ts';
import { noteLocalEffects } from './effect.ts';
import { checkResourceGroup } from './resource/known.ts';
import { followChange, runningLine } from './watching/change.ts';
import { scaleGoal } from './watching/scaled.ts';

/** eascmd.md 1.3: instances alone are a scale without rolling update, everything else is an update. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const document = await changeOf(context, args, name);
  const kind = classifyChange(document);
  const instances = kind === 'scale' ? instanceCount(document) : undefined;
  if (args.isSet('dryRun')) {
    const target = await context.clients.target();
    return dryRunView(
      target,
      plannedRequest(`/api/v2/services/${target.region}/${name}`, document, instances),
    );
  }
  const api = await context.clients.api();
  const before = await api.describeService(name);
  const changes = changesTo(before, document);
  await checkResourceGroup(context, document);
  if (args.isSet('diff')) return differenceView(changes ?? []);
  if (changes) for (const line of differenceLines(changes)) context.note(line);
  const reply =
    instances === undefined
      ? await api.updateService(name, document)
      : await api.scaleService(name, instances);
  return followChange(context, args, {
    name,
    before,
    reply,
    changesNothing: changes?.length === 0,
    goal: goalOf(before, instances),
    lastLine: runningLine,
  });
}

async function changeOf(context: Context, args: Arguments, name: string): Promise<ServiceDocument> {
  const file = args.text('source');
  const assignments = args.list('define');
  if (file === undefined && assignments.length === 0)
    throw usageError(
      'NothingToChange',
      `Nothing to change in service [${name}]`,
      'pass -D<path>=<value>, for example -Dmetadata.instance=2, or -s <service_desc_json>',
    );
  const fromFile = file === undefined ? {} : await readDescription(context, file, 'modify');
  const described = nameIn(fromFile) ?? name;
  if (described !== name)
    throw usageError(
      'NameMismatch',
      `${shownName(file!)} describes service [${described}], but service [${name}] is to be modified`,
      `correct "name", or run eascmd modify ${described} -s ${file}`,
    );
  const { document, warnings } = applyAssignments(fromFile, assignments);
  const renamed = nameIn(document) ?? name;
  if (renamed !== name)
    throw usageError(
      'NameMismatch',
      `A service can't be renamed: service [${name}] is to be modified, not [${renamed}]`,
      `for a copy with another name: eascmd clone ${name} ${renamed}`,
    );
  for (const warning of warnings) context.note(`[WARN] ${warning}`);
  await noteLocalEffects(context, document);
  return located(context, document, context.host.cwd);
}

function nameIn({ name, metadata }: ServiceDocument): string | undefined {
  const given = name ?? (metadata as Record<string, unknown> | undefined)?.name;
  return typeof given === 'string' ? given : undefined;
}

/** Undefined when the service does not tell its document. */
function changesTo(before: Service, document: ServiceDocument): Difference[] | undefined {
  const stored = storedDocument(before);
  if (!stored) return undefined;
  const found = differences(stored, document);
  const latest = before.LatestVersion;
  if (classifyChange(document) === 'version' && latest !== undefined)
    found.push({ path: 'version', before: before.CurrentVersion ?? latest, after: latest + 1 });
  return found;
}

function storedDocument({ ServiceConfig }: Service): ServiceDocument | undefined {
  try {
    const stored: unknown = JSON.parse(ServiceConfig ?? '');
    return typeof stored === 'object' && stored !== null ? (stored as ServiceDocument) : undefined;
  } catch {
    return undefined;
  }
}

function instanceCount(document: ServiceDocument): number {
  return Number((document.metadata as Record<string, unknown>).instance);
}

/** A stopped service stays stopped when it is changed. */
function goalOf(before: Service, instances: number | undefined): Goal {
  if (instances !== undefined) return scaleGoal(before, instances);
  return { kind: before.Status === 'Stopped' ? 'settled' : 'running' };
}

function plannedRequest(
  path: string,
  document: ServiceDocument,
  instances: number | undefined,
): PlannedRequest {
  if (instances === undefined) return { method: 'PUT', path, body: document };
  return { method: 'PUT', path: `${path}/scale`, body: { Instance: instances } };
}
