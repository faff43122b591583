import type { View } from '../view.ts';

export interface Project {
  /** Absolute. */
  folder: string;
  /** As the user called it. */
  shown: string;
  /** The language, for people. */
  title: string;
  service: string;
  files: { path: string; meaning: string }[];
  buildCommand: string | undefined;
}

/** `init`: what was made, and the commands that bring it to life. */
export function projectView({ folder, shown, title, service, files, buildCommand }: Project): View {
  const width = Math.max(...files.map(({ path }) => path.length));
  const steps = [`cd ${quoted(shown)}`, buildCommand, 'eascmd -e local create service.json'];
  const predict = `eascmd -e local predict ${service} -f request.txt`;
  return {
    text: () => [
      `[OK] Made a ${title} processor in ${shown}:`,
      ...files.map(({ path, meaning }) => `  ${path.padEnd(width)}  ${meaning}`),
      'To build and try it:',
      ...[...steps, predict].filter((step) => step !== undefined).map((step) => `  ${step}`),
    ],
    json: () => ({
      folder,
      service,
      files: files.map(({ path }) => path),
      buildCommand: buildCommand ?? null,
    }),
  };
}

/** For a shell, when it needs it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
