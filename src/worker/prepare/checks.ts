import { readdir, rename, rmdir, stat } from 'node:fs/promises';
import { basename, join, normalize } from 'node:path';
import { EasError } from '../../core/errors.ts';
import type { PackageSource } from '../../core/worker/prepare.ts';
import { likely } from './suggest.ts';

const SHOWN_NAMES = 12;

/**
 * Folder that holds `entry`: the unpacked package, or the only folder in it, since archives often wrap everything in
 * one. Throws EasError that lists what is there.
 */
export async function findEntry(
  folder: string,
  entry: string,
  field: 'processor_entry' | 'model_entry',
  source: PackageSource,
): Promise<string> {
  if (await inside(folder, entry)) return folder;
  const names = (await readdir(folder)).sort();
  if (field === 'processor_entry' && names.length === 1 && (await inside(join(folder, names[0]!), entry))) {
    return join(folder, names[0]!);
  }
  const near = likely(basename(entry), names);
  const listed = names.length > SHOWN_NAMES ? [...names.slice(0, SHOWN_NAMES), '…'] : names;
  throw new EasError({
    code: field === 'processor_entry' ? 'ProcessorEntryNotFound' : 'ModelEntryNotFound',
    message: `${field} ${JSON.stringify(entry)} is not in ${source.shown}, which holds ${listed.join(', ') || 'nothing'}`,
    hint: near ? `did you mean ${JSON.stringify(near)}?` : `name a file of the package as ${field}`,
  });
}

/** Moves the only folder of a package up beside it, so that `../model` leads to the model from there too. */
export async function liftInner(predictor: string, outer: string, inner: string): Promise<void> {
  if (inner === outer) return;
  const aside = join(predictor, `.${basename(outer)}.outer`);
  await rename(outer, aside);
  const name = basename(inner) === 'model' ? basename(outer) : basename(inner);
  await rename(join(aside, basename(inner)), join(predictor, name));
  await rmdir(aside);
}

async function inside(folder: string, entry: string): Promise<boolean> {
  if (normalize(entry).startsWith('..')) return false;
  return stat(join(folder, entry)).then(
    () => true,
    () => false,
  );
}
