import { dirname, resolve } from 'node:path';
import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';
import { isObjectUrl, parseObjectUrl } from '../../core/object-url.ts';
import { readServiceDocument } from '../../core/service/document.ts';
import type { ServiceDocument } from '../../core/service/model.ts';
import { type ProcessorTask, processorTask } from '../../core/service/task.ts';
import type { PackageSource, PrepareSpec } from '../../core/worker/prepare.ts';
import { readText } from '../description.ts';

/** Far above any model, far below what a zip bomb wants. */
const MAX_UNPACKED_BYTES = 256 * 1024 ** 3;

/** One service description, read and located on this machine. */
export interface Plan {
  document: ServiceDocument;
  task: ProcessorTask;
  model: PackageSource | undefined;
  processor: PackageSource;
  warmUp: PackageSource | undefined;
  /** Files and folders of this machine whose change means a reload. */
  watched: string[];
}

/** Reads the description; paths in it are relative to its folder. Warnings go to stderr. */
export async function readPlan(context: Context, file: string): Promise<Plan> {
  const typed = context.host.argv.find((word) => resolve(context.host.cwd, word) === file);
  const text = await readText(file, typed ?? file);
  const { document, warnings } = readServiceDocument(text, file, 'test');
  for (const warning of warnings) context.note(`[WARN] ${warning}`);
  const task = processorTask(document);
  const folder = dirname(file);
  const model = task.modelPath ? source('model_path', task.modelPath, folder) : undefined;
  const processor = source('processor_path', task.processorPath, folder);
  const warmUp = task.warmUpPath ? source('warm_up_data_path', task.warmUpPath, folder) : undefined;
  const local = [model, processor, warmUp].filter(
    (found) => found && !isUrl(found.location) && !isObjectUrl(found.location),
  );
  return {
    document,
    task,
    model,
    processor,
    warmUp,
    watched: [file, ...local.map((found) => found!.location)],
  };
}

/** A workspace without a processor. */
export function modelSpec(
  { task, model, warmUp }: Pick<Plan, 'task' | 'model' | 'warmUp'>,
  workspace: string,
): PrepareSpec {
  return {
    workspace,
    model,
    warmUp,
    modelEntry: task.modelEntry || undefined,
    maxUnpackedBytes: MAX_UNPACKED_BYTES,
  };
}

export function prepareSpec(plan: Plan, workspace: string): PrepareSpec {
  const { task, processor } = plan;
  return {
    ...modelSpec(plan, workspace),
    processor,
    processorEntry: task.processor.entry || undefined,
    processorType: task.processor.type,
  };
}

const isUrl = (address: string) => /^https?:\/\//i.test(address);

/** Where a package is; schemes other than http, https and oss are EasErrors. A path is relative to `folder`. */
export function source(field: string, address: string, folder: string): PackageSource {
  const path = isUrl(address) ? address.replace(/[?#].*$/, '') : address.replace(/[/\\]+$/, '');
  const name = decode(path.split(/[/\\]/).pop() || 'package', isUrl(address));
  if (isUrl(address)) return { location: address, name, shown: address };
  if (isObjectUrl(address)) {
    parseObjectUrl(address, field);
    return { location: address, name, shown: address };
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    throw usageError('InvalidField', `${field} ${address}: only http, https, oss and paths can be fetched`);
  return { location: resolve(folder, address), name, shown: address };
}

function decode(name: string, isEncoded: boolean): string {
  try {
    return isEncoded ? decodeURIComponent(name) : name;
  } catch {
    return name;
  }
}
