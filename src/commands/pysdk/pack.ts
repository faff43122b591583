import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { archivePath, packProject } from '../../pysdk/pack.ts';
import { withProcessorPath } from '../../pysdk/processor-path.ts';
import { replaceFile } from '../../pysdk/replace-file.ts';
import type { View } from '../../ui/view.ts';
import { run as upload } from '../upload.ts';
import { startPackProgress } from './progress.ts';

/** eascmd.md 2.15. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const folder = resolve(context.host.cwd, args.required(0));
  const isUploaded = args.isSet('upload');
  if (isUploaded) described(folder, '');
  context.say(`[PYSDK] Creating package: ${archivePath(folder)}`);
  if (context.host.platform === 'darwin')
    context.note(
      '[PYSDK] This ENV is one for macOS: it runs in Local EAS here, the cloud needs one made on Linux',
    );
  const progress = startPackProgress(context.io, context.isLively);
  const { notes, ...packed } = await packProject({
    folder,
    signal: context.signal,
    onProgress: progress.update,
  }).finally(progress.stop);
  for (const line of notes) context.note(`[PYSDK] ${line}`);
  if (!isUploaded) return { text: () => [], json: () => packed };
  const processorPath = await uploaded(context, packed.archive);
  const description = described(folder, processorPath);
  if (description) await replaceFile(description.file, description.text);
  return {
    text: () => [
      `[PYSDK] Uploaded to: ${processorPath}`,
      ...(description ? [`[PYSDK] Set processor_path in: ${description.file}`] : []),
    ],
    json: () => ({ ...packed, processorPath, description: description?.file }),
  };
}

/** The same way as `eascmd upload`, whose own lines are shown too. */
async function uploaded(context: Context, archive: string): Promise<string> {
  const view = await upload(context, new Arguments([archive], {}));
  const lines = view.text();
  if (Array.isArray(lines)) context.say(...lines);
  return (view.json() as { target: string }).target;
}

/** app.json with the address in it, if there is one; throws for one that can't be read, before anything is done. */
function described(folder: string, processorPath: string): { file: string; text: string } | undefined {
  const file = join(folder, 'app.json');
  if (!statSync(file, { throwIfNoEntry: false })) return undefined;
  return { file, text: withProcessorPath(readFileSync(file, 'utf8'), 'app.json', processorPath) };
}
