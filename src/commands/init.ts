import { basename, resolve } from 'node:path';
import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { legalServiceName } from '../core/service/names.ts';
import { closest } from '../core/suggest.ts';
import type { ProcessorType } from '../core/worker/spec.ts';
import type { View } from '../ui/view.ts';
import { projectView } from '../ui/views/projects.ts';
import { languages } from './init/languages.ts';
import { projectFiles } from './init/project.ts';
import { writeProject } from './init/write.ts';

/** A ready project of a processor, named after its folder; existing files are never touched. */
export async function run({ host }: Context, args: Arguments): Promise<View> {
  const language = languageOf(args.required(0));
  const shown = args.optional(1) ?? `${language}_processor`;
  const folder = resolve(host.cwd, shown);
  const name = legalServiceName(basename(folder)) ?? `${language}_processor`;
  const files = projectFiles(language, name);
  await writeProject(folder, shown, files);
  const { title, buildCommand } = languages[language];
  return projectView({ folder, shown, title, service: name, files, buildCommand });
}

function languageOf(word: string): ProcessorType {
  if (Object.hasOwn(languages, word)) return word as ProcessorType;
  const similar = closest(word, Object.keys(languages));
  throw usageError(
    'UnknownLanguage',
    `There is no template for ${JSON.stringify(word)}: it is cpp, java or python`,
    similar ? `did you mean: eascmd init ${similar}` : 'e.g. eascmd init python my_service',
  );
}
