import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { decodeInput, MAX_INPUT_BYTES } from '../core/input/text.ts';
import { readServiceDocument } from '../core/service/document.ts';
import type { ServiceDocument } from '../core/service/model.ts';
import { noteLocalEffects } from './effect.ts';

/**
 * Reads a service description from a file (`-` is stdin); warnings go to stderr. A path of this machine is relative to
 * the file that holds it.
 */
export async function readDescription(
  context: Context,
  file: string,
  purpose: 'create' | 'modify',
): Promise<ServiceDocument> {
  const { document, warnings } = readServiceDocument(await textOf(context, file), shownName(file), purpose);
  for (const warning of warnings) context.note(`[WARN] ${warning}`);
  if (purpose === 'create') await noteLocalEffects(context, document);
  return located(
    context,
    document,
    file === '-' ? context.host.cwd : dirname(resolve(context.host.cwd, file)),
  );
}

/** The document with the paths of this machine made absolute, when it goes to Local EAS. */
export async function located(
  { clients }: Context,
  document: ServiceDocument,
  folder: string,
): Promise<ServiceDocument> {
  if ((await clients.target()).kind !== 'local') return document;
  const located = { ...document };
  for (const field of ['model_path', 'processor_path', 'warm_up_data_path']) {
    const value = located[field];
    if (typeof value === 'string' && value && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
      located[field] = resolve(folder, value);
  }
  return located;
}

/** How errors name an input file. */
export const shownName = (file: string) => (file === '-' ? 'stdin' : file);

/** Text of an input file that the user named; `-` is stdin. */
export async function textOf({ host, io, signal }: Context, file: string): Promise<string> {
  if (file === '-') return decodeInput(await io.stdin.readAll(signal), file);
  return readText(resolve(host.cwd, file), file);
}

/** Text of a small file; `shown` is the name that the user knows it by. */
export async function readText(path: string, shown: string): Promise<string> {
  return decodeInput(
    await beginning(path, MAX_INPUT_BYTES + 1).catch((cause) => {
      throw unreadable(shown, cause);
    }),
    shown,
  );
}

/** At most the first `maxBytes` of a file, which may be a pipe or a device. */
async function beginning(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path);
  const chunks: Uint8Array[] = [];
  try {
    for (let left = maxBytes; left > 0; left -= chunks.at(-1)!.byteLength) {
      const chunk = Buffer.alloc(Math.min(left, 256 * 1024));
      const { bytesRead } = await handle.read(chunk, 0, chunk.byteLength);
      if (bytesRead === 0) break;
      chunks.push(chunk.subarray(0, bytesRead));
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
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
