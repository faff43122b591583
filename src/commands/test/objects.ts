import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import { isObjectUrl, parseObjectUrl } from '../../core/object-url.ts';
import type { PackageSource, PrepareSpec } from '../../core/worker/prepare.ts';

/** The packages of a spec that stand in the object store, and where they are laid on this machine. */
export interface ObjectPlace {
  folder: string;
  /** `oss_endpoint` of the description; the target's own store when absent, or under Local EAS. */
  endpoint: string | undefined;
}

const PACKAGES = ['model', 'processor', 'warmUp'] as const;

/**
 * Downloads what the spec names by oss:// addresses, an object or all below a prefix, and returns the spec with paths
 * of this machine. What is there already and unchanged stays. EasError when it can't be had; 4 without credentials.
 */
export async function withObjects(
  context: Context,
  spec: PrepareSpec,
  place: ObjectPlace,
): Promise<PrepareSpec> {
  const found = { ...spec };
  for (const name of PACKAGES) {
    const source = spec[name];
    if (source && isObjectUrl(source.location))
      found[name] = { ...source, location: await fetchSource(context, source, place) };
  }
  return found;
}

async function fetchSource(
  { clients, signal }: Context,
  { location, shown }: PackageSource,
  { folder, endpoint }: ObjectPlace,
): Promise<string> {
  const { bucket, key } = parseObjectUrl(location, 'the address');
  const { kind, objectStoreUrl } = await clients.target();
  const store = await clients.objectStore(endpoint && kind === 'cloud' ? originOf(endpoint) : objectStoreUrl);
  const base = join(folder, createHash('sha256').update(location).digest('hex').slice(0, 16));
  const download = async (object: string, path: string) => {
    await mkdir(dirname(path), { recursive: true });
    await store.download({ bucket, key: object, path, mayReplace: true, signal });
  };
  if (key !== '' && !key.endsWith('/')) {
    const isThere = await download(key, `${base}.object`).then(
      () => true,
      (error) => {
        if (error instanceof EasError && error.status === 404 && error.code !== 'NoSuchBucket') return false;
        throw error;
      },
    );
    if (isThere) return `${base}.object`;
  }
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const { objects } = await store.list({ bucket, prefix, isRecursive: true, signal });
  await rm(base, { recursive: true, force: true });
  let count = 0;
  for (const { key: object } of objects) {
    const path = resolve(base, object.slice(prefix.length));
    // Folder markers end with a slash, and a key may say `../`: neither is a file inside the folder.
    if (object.endsWith('/') || !path.startsWith(base + sep)) continue;
    await download(object, path);
    count++;
  }
  if (count > 0) return base;
  throw new EasError({
    code: 'PackageNotFound',
    message: `${shown}: the object store holds no such object, and nothing below it`,
    hint: 'List what is there with `eascmd ls oss://<bucket>/`, or name a path of this machine.',
  });
}

/** As in the manual's samples, `oss_endpoint` has no scheme. */
function originOf(endpoint: string): string {
  return endpoint.includes('://') ? endpoint : `https://${endpoint}`;
}
