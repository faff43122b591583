import type { ProcessorType } from '../../core/worker/spec.ts';
import { type Language, languages, type ProjectFile } from './languages.ts';
import readme from './templates/shared/README.md' with { type: 'text' };

/** All files of a new project whose service is called `name`. */
export function projectFiles(type: ProcessorType, name: string): ProjectFile[] {
  const language = languages[type];
  const files: ProjectFile[] = [
    ...language.files,
    {
      path: 'service.json',
      text: serviceJson(type, name, language),
      meaning: 'the service: name, packages, size',
    },
    { path: 'model/weights.txt', text: '2 100\n', meaning: 'the model' },
    { path: 'request.txt', text: '1 2 30\n', meaning: 'a test request' },
  ];
  const text = readmeOf(name, language, files);
  return [...files, { path: 'README.md', text, meaning: 'how to build, run and deploy it' }];
}

function serviceJson(type: ProcessorType, name: string, language: Language): string {
  const document = {
    name,
    processor_path: `./${language.package}`,
    processor_type: type,
    ...language.processor,
    model_path: './model/weights.txt',
    metadata: { instance: 1, cpu: 1, memory: 1000 },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function readmeOf(name: string, language: Language, files: ProjectFile[]): string {
  const values: Record<string, string> = {
    name,
    language: language.title,
    files: files.map(({ path, meaning }) => `| \`${path}\` | ${meaning} |`).join('\n'),
    build: language.buildText,
    package: language.package,
  };
  return readme.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => values[key]!);
}
