import { statSync } from 'node:fs';
import { join } from 'node:path';
import { EasError, usageError } from '../../core/errors.ts';
import { readServiceDocument } from '../../core/service/document.ts';
import { type ProcessorTask, processorTask } from '../../core/service/task.ts';
import type { PackageSource } from '../../core/worker/prepare.ts';
import { readText } from '../description.ts';
import { source } from '../test/plan.ts';

/** The description in a project's folder, as `pysdk init` writes it. */
export const DESCRIPTION = 'app.json';

/** A folder made by `pysdk init`: what runs is the folder itself, wherever `processor_path` points. */
export interface Project {
  folder: string;
  task: ProcessorTask;
  model: PackageSource | undefined;
  warmUp: PackageSource | undefined;
}

/** Reads `<folder>/app.json`; `shown` is how the user named the folder. Warnings go to `note`. */
export async function readProject(
  folder: string,
  shown: string,
  note: (line: string) => void,
): Promise<Project> {
  const file = join(folder, DESCRIPTION);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw missing(`${shown} is no folder`, shown);
  if (!statSync(file, { throwIfNoEntry: false })) throw missing(`${shown} has no ${DESCRIPTION}`, shown);
  const { document, warnings } = readServiceDocument(await readText(file, file), file, 'modify');
  for (const warning of warnings) note(`[WARN] ${warning}`);
  const entry = document.processor_entry ?? './app.py';
  const task = processorTask({ ...document, processor_entry: entry });
  if (task.name === '')
    throw usageError('MissingField', `${file}: the field "name" is missing`, 'Add "name": "my_service".');
  if (task.processor.type !== 'python')
    throw usageError(
      'ProjectNotPython',
      `${file}: dev runs Python projects, and this one is ${task.processor.type}`,
      'For others there is `eascmd test service.json --watch`.',
    );
  const { modelPath, warmUpPath } = task;
  return {
    folder,
    task,
    model: modelPath ? source('model_path', modelPath, folder) : undefined,
    warmUp: warmUpPath ? source('warm_up_data_path', warmUpPath, folder) : undefined,
  };
}

function missing(message: string, shown: string): EasError {
  return new EasError({
    code: 'ProjectNotFound',
    message,
    hint: `Make a project with \`eascmd pysdk init ${shown}\`.`,
    exit: 2,
  });
}
