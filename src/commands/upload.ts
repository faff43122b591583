import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { startTransferProgress } from '../ui/transfer-progress.ts';
import type { View } from '../ui/view.ts';
import { type UploadResult, unchangedLine, uploadTargetLines, uploadView } from '../ui/views/uploads.ts';
import { uploadDestination } from './upload/destination.ts';
import { findFiles } from './upload/files.ts';
import { inTurns } from './upload/turns.ts';

/** eascmd.md 2.3, for any number of files. Everything is looked at before anything is sent. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const { host, clients, signal } = context;
  const chosen = await findFiles(host.cwd, args.all(), { isKeeping: args.isSet('keep'), note: context.note });
  const destination = await uploadDestination(clients, args.text('to'), args.isSet('inner'));
  const { endpoint, bucket, prefix } = destination;
  const store = await clients.objectStore(endpoint);
  const targets = chosen.roots.map((root) => `oss://${bucket}/${prefix}${root}`);
  context.say(...uploadTargetLines(endpoint, targets));
  context.ifInterrupted('Interrupted; the same command goes on where it stopped.');
  const totalBytes = chosen.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const progress = startTransferProgress(context, totalBytes);
  const results: UploadResult[] = [];
  try {
    await inTurns(chosen.files, signal, async (file) => {
      const key = prefix + file.name;
      const onProgress = progress.of(file.path);
      const done = await store.upload(file.path, { bucket, key, signal, onProgress });
      const { url, ...facts } = done;
      results.push({ file: file.typed, target: url, ...facts });
    });
  } finally {
    progress.stop();
  }
  results.sort((a, b) => (a.target < b.target ? -1 : 1));
  context.say(...results.filter((result) => result.isUnchanged).map(unchangedLine));
  return uploadView({ endpoint, targets, results });
}
