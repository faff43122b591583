import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import { parseObjectUrl } from '../core/object-url.ts';
import { startTransferProgress } from '../ui/transfer-progress.ts';
import type { View } from '../ui/view.ts';
import { downloadView } from '../ui/views/uploads.ts';

/** One object into a file; a file that is there with other content is replaced only with `--force`. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const { host, clients, signal } = context;
  const source = args.required(0);
  const { bucket, key } = parseObjectUrl(source, '<source>');
  if (key === '' || key.endsWith('/'))
    throw usageError(
      'NotAnObject',
      `${source} is not one object`,
      `\`eascmd ls ${source}\` lists what is there.`,
    );
  const typed = args.optional(1) ?? basename(key);
  const path = await fileFor(resolve(host.cwd, typed), /[/\\]$/.test(typed), basename(key));
  const { objectStoreUrl, internalObjectStoreUrl } = await (await clients.settings()).upload();
  const store = await clients.objectStore(args.isSet('inner') ? internalObjectStoreUrl : objectStoreUrl);
  context.ifInterrupted('Interrupted; the same command goes on where it stopped.');
  let progress: ReturnType<typeof startTransferProgress> | undefined;
  try {
    const done = await store.download({
      bucket,
      key,
      path,
      mayReplace: args.isSet('force'),
      signal,
      onProgress(receivedBytes, totalBytes, skippedBytes) {
        progress ??= startTransferProgress(context, totalBytes);
        progress.of(path)(receivedBytes, totalBytes, skippedBytes);
      },
    });
    return downloadView({ source, ...done });
  } finally {
    progress?.stop();
  }
}

/** A folder takes the object under its own name. */
async function fileFor(path: string, isFolderMeant: boolean, name: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory()) return join(path, name);
  if (isFolderMeant) throw usageError('NoSuchFolder', `there is no folder ${path}`);
  if (facts && !facts.isFile()) throw usageError('NotAFile', `${path} is not a file`);
  return path;
}
