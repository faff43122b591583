import { dirname, isAbsolute, join, relative } from 'node:path';
import { isBelow } from '../archive/tree.ts';
import { relocateScript } from './scripts.ts';

/** Where an environment stands now. All text here is latin1, so that bytes pass unchanged whatever their encoding. */
export interface Place {
  /** Names of the ENV folder: as reached, and with links resolved. */
  prefixes: readonly string[];
  /** Names of the folder around it. */
  roots: readonly string[];
}

export interface RelocatedText {
  text: string;
  /** Paths outside the package that Python would look for elsewhere too. */
  outside: string[];
}

/** Whatever runs a package starts it in the package's folder (serving.md d.5), so this names the environment there. */
const RELATIVE_ENV = 'ENV';
const SYSCONFIG_MARK = '@ENV@';
const SYSCONFIG_TAIL = `
import sys as _sys
build_time_vars = {
    name: value.replace("${SYSCONFIG_MARK}", _sys.prefix) if isinstance(value, str) else value
    for name, value in build_time_vars.items()
}
`;

/** A text file of ENV without the folder it stands in now; `path` is relative to the package. */
export function relocateText(path: string, text: string, place: Place): RelocatedText {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.endsWith('.pth')) return relocatePth(path, text, place);
  const replaced = (by: string) => replaceAll(text, place.prefixes, by);
  if (path === 'ENV/conda-meta/history') return { text: '', outside: [] };
  if (/^ENV\/conda-meta\/[^/]+\.json$/.test(path))
    return { text: condaRecord(replaced(RELATIVE_ENV)), outside: [] };
  if (/^_sysconfigdata.*\.py$/.test(name)) {
    const marked = replaced(SYSCONFIG_MARK);
    return { text: marked === text ? text : marked + SYSCONFIG_TAIL, outside: [] };
  }
  if (name.endsWith('.pc')) {
    const up = relative(dirname(path), 'ENV');
    return { text: replaced(`\${pcfiledir}/${up}`), outside: [] };
  }
  if (/^ENV\/(bin|condabin)\//.test(path) && text.startsWith('#!')) {
    const started = relocateScript(text, (folder) => isEnvBin(folder, place));
    return { text: replaceAll(started, place.prefixes, RELATIVE_ENV), outside: [] };
  }
  return { text: replaced(RELATIVE_ENV), outside: [] };
}

/** Also `…/ENV/bin` of a project that was moved after its packages were installed. */
function isEnvBin(folder: string, { prefixes }: Place): boolean {
  return folder.endsWith('/ENV/bin') || prefixes.some((prefix) => folder === `${prefix}/bin`);
}

function replaceAll(text: string, prefixes: readonly string[], by: string): string {
  let result = text;
  for (const prefix of prefixes) {
    if (!result.includes(prefix)) continue;
    const pattern = new RegExp(`${prefix.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w.-])`, 'g');
    result = result.replaceAll(pattern, () => by);
  }
  return result;
}

/** Lines of a .pth are folders, relative to it when they aren't absolute; the others are code. */
function relocatePth(path: string, text: string, { prefixes, roots }: Place): RelocatedText {
  const outside: string[] = [];
  const lines = text.split('\n').map((line) => {
    if (!isAbsolute(line)) return line;
    const folder = line.trimEnd();
    for (const [names, at] of [[prefixes, 'ENV'] as const, [roots, '.'] as const])
      for (const name of names)
        if (isBelow(name, folder)) return relative(dirname(path), join(at, folder.slice(name.length))) || '.';
    outside.push(folder);
    return line;
  });
  return { text: lines.join('\n'), outside };
}

/** conda keeps the folders of its package cache in its records; nobody needs them in a copy. */
function condaRecord(text: string): string {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(text);
  } catch {
    return text;
  }
  for (const key of ['extracted_package_dir', 'package_tarball_full_path', 'link']) delete record[key];
  return `${JSON.stringify(record, null, 2)}\n`;
}
