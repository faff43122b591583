import { dirname, resolve } from 'node:path';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { readServiceDocument } from '../core/service/document.ts';
import type { ServiceDocument } from '../core/service/model.ts';
import { noteEffects } from './effect.ts';

/**
 * Reads a service description from a file (`-` is stdin); warnings go to stderr. Under Local EAS a path of this
 * machine is made absolute, since the daemon runs elsewhere; it is relative to the file that holds it.
 */
export async function readDescription(
  context: Context,
  file: string,
  purpose: 'create' | 'modify',
): Promise<ServiceDocument> {
  const { document, warnings } = readServiceDocument(await textOf(context, file), file, purpose);
  for (const warning of warnings) context.note(`[WARN] ${warning}`);
  const target = await context.clients.target();
  if (target.kind !== 'local') return document;
  const { runtimeOfLocal } = await import('./local/runtime.ts');
  noteEffects(context, document, await runtimeOfLocal(context.clients));
  const folder = file === '-' ? context.host.cwd : dirname(resolve(context.host.cwd, file));
  const located = { ...document };
  for (const field of ['model_path', 'processor_path', 'warm_up_data_path']) {
    const value = located[field];
    if (typeof value === 'string' && value && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
      located[field] = resolve(folder, value);
  }
  return located;
}

/** Text of an input file that the user named; `-` is stdin. */
export async function textOf({ host, io, signal }: Context, file: string): Promise<string> {
  if (file === '-') return new TextDecoder().decode(await io.stdin.readAll(signal));
  const path = resolve(host.cwd, file);
  try {
    return await Bun.file(path).text();
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Why a file that the user named can't be read, as a usage error. */
export function unreadable(file: string, cause: unknown): Error {
  const code = (cause as { code?: string }).code;
  const reason =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EACCES'
        ? 'reading it is not permitted'
        : code === 'EISDIR'
          ? 'it is a folder'
          : String((cause as Error).message ?? cause);
  return usageError(
    'UnreadableFile',
    `Can't read ${file}: ${reason}`,
    'check the path; it is relative to the current folder',
  );
}
