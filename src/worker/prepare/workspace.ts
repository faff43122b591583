import { chmod, copyFile, mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EasError } from '../../core/errors.ts';
import type { PackageSource, PrepareSpec } from '../../core/worker/prepare.ts';
import { warmUpFile } from '../../core/worker/warm-up.ts';
import { unwrapped } from '../java/class-path.ts';
import { MODEL_FOLDER, PREDICTOR_FOLDER } from '../workspace.ts';
import { findEntry, liftInner } from './checks.ts';
import { download } from './download.ts';
import { checkLibrary } from './elf.ts';
import { checkJar } from './jar.ts';
import { stemOf } from './kinds.ts';
import { place } from './place.ts';

/** A request can't be larger. */
const MAX_WARM_UP_BYTES = 0x7fff_ffff;

const isUrl = (location: string) => /^https?:\/\//i.test(location);

/**
 * Fetches, unpacks and checks both packages, then lets the workspace appear under its name. Whatever fails leaves
 * nothing behind; what an earlier, killed run left is removed. Returns the bytes unpacked.
 */
export async function prepareWorkspace(
  spec: PrepareSpec,
  progress: (message: string) => void,
): Promise<{ modelBytes: number; processorBytes: number }> {
  const { workspace } = spec;
  if (await stat(workspace).catch(() => undefined)) {
    throw new EasError({ code: 'WorkspaceExists', message: `the workspace ${workspace} exists already` });
  }
  await removeLeftovers(workspace);
  const building = `${workspace}.building-${process.pid}`;
  await mkdir(building);
  try {
    const model = join(building, MODEL_FOLDER);
    const predictor = join(building, PREDICTOR_FOLDER);
    await mkdir(model);
    await mkdir(predictor);
    let left = spec.maxUnpackedBytes;
    const modelBytes = spec.model ? await fetchInto(spec.model, model, building, left, progress) : 0;
    left -= modelBytes;
    const processorBytes = spec.processor
      ? await preparePredictor(spec, spec.processor, predictor, building, left, progress)
      : 0;
    if (spec.warmUp) await fetchFile(spec.warmUp, building, warmUpFile(spec.warmUp.name), progress);
    // An entry with the name of the model itself may only be guessed from it (core/service/task.ts).
    if (spec.model && spec.modelEntry && spec.modelEntry !== spec.model.name)
      await findEntry(model, spec.modelEntry, 'model_entry', spec.model);
    await symlink(`../${MODEL_FOLDER}`, join(predictor, 'model'));
    progress('Successfully downloaded all artifacts');
    await rename(building, workspace);
    return { modelBytes, processorBytes };
  } finally {
    await remove(building);
  }
}

async function preparePredictor(
  spec: PrepareSpec,
  source: PackageSource,
  predictor: string,
  building: string,
  maxBytes: number,
  progress: (message: string) => void,
): Promise<number> {
  const stem = stemOf(basename(source.name));
  const folder = join(predictor, stem === 'model' ? 'package' : stem);
  await mkdir(folder);
  const bytes = await fetchInto(source, folder, building, maxBytes, progress);
  const root = spec.processorEntry
    ? await findEntry(folder, spec.processorEntry, 'processor_entry', source)
    : await unwrapped(folder);
  if (spec.processorEntry && spec.processorType === 'cpp')
    await checkLibrary(join(root, spec.processorEntry), spec.processorEntry);
  if (spec.processorEntry && spec.processorType === 'java')
    await checkJar(join(root, spec.processorEntry), spec.processorEntry);
  await liftInner(predictor, folder, root);
  return bytes;
}

async function fetchInto(
  source: PackageSource,
  folder: string,
  building: string,
  maxBytes: number,
  progress: (message: string) => void,
): Promise<number> {
  if (!isUrl(source.location)) {
    if (/^oss:/.test(source.shown)) progress(`Downloading oss file: ${source.shown}`);
    return place(source, source.location, folder, maxBytes);
  }
  progress(`Downloading http file: ${source.shown}`);
  const file = join(building, 'download');
  await download(source.location, source.shown, file, maxBytes);
  const bytes = await place(source, file, folder, maxBytes);
  await rm(file);
  return bytes;
}

/** A file as it is, whatever its name says. */
async function fetchFile(
  source: PackageSource,
  building: string,
  target: string,
  progress: (message: string) => void,
): Promise<void> {
  const file = join(building, target);
  if (isUrl(source.location)) {
    progress(`Downloading http file: ${source.shown}`);
    await download(source.location, source.shown, file, MAX_WARM_UP_BYTES);
    return;
  }
  const found = await stat(source.location).catch(() => undefined);
  if (!found?.isFile())
    throw new EasError({
      code: 'PackageNotFound',
      message: `${source.shown} ${found ? 'is no file' : 'does not exist'}`,
      hint: 'warm_up_data_path names one file: .bin is one request, .txt one a line',
    });
  await copyFile(source.location, file);
}

async function removeLeftovers(workspace: string): Promise<void> {
  const prefix = `${basename(workspace)}.building-`;
  for (const name of await readdir(dirname(workspace))) {
    if (name.startsWith(prefix)) await remove(join(dirname(workspace), name));
  }
}

/** Packages may hold folders without the right to write in them. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(async () => {
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true });
  });
}

async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
}
