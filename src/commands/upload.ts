import { stat } from 'node:fs/promises';
import { basename, isAbsolute, normalize, resolve } from 'node:path';
import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { startProgressBar } from '../ui/progress-bar.ts';
import type { View } from '../ui/view.ts';
import { uploadTargetLines, uploadView } from '../ui/views/uploads.ts';
import { unreadable } from './description.ts';

/** eascmd.md 2.3. The object's name is the path as typed, under the account's number. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const { host, io, clients, signal } = context;
  const file = args.required(0);
  const path = resolve(host.cwd, file);
  const sizeBytes = await sizeOf(file, path);
  const settings = await clients.settings();
  const { bucket, objectStoreUrl, internalObjectStoreUrl } = await settings.upload();
  const endpoint = args.isSet('inner') ? internalObjectStoreUrl : objectStoreUrl;
  const store = await clients.objectStore(endpoint);
  const key = `${await clients.uid(args.isSet('inner'))}/${objectName(file)}`;
  const target = `oss://${bucket}/${key}`;
  context.say(...uploadTargetLines(endpoint, target));
  const bar = startProgressBar(io, context.isLively, sizeBytes);
  try {
    await store.upload(path, {
      bucket,
      key,
      signal,
      onProgress: (sentBytes: number) => bar.update(sentBytes),
    });
  } finally {
    bar.stop();
  }
  return uploadView({ endpoint, target, sizeBytes, files: 1 });
}

async function sizeOf(file: string, path: string): Promise<number> {
  const facts = await stat(path).catch((cause) => {
    throw unreadable(file, cause);
  });
  if (!facts.isFile())
    throw usageError(
      'NotAFile',
      `${file} is not a file`,
      'pack a folder first: tar czf <name>.tar.gz <folder>',
    );
  return facts.size;
}

/** A relative path is kept as typed; of one that leads elsewhere only the last part says anything. */
function objectName(file: string): string {
  const path = normalize(file).replaceAll('\\', '/');
  return isAbsolute(file) || path.startsWith('../') ? basename(file) : path;
}
