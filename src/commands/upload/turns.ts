import { WHOLE_BYTES } from '../../cloud/objects/parts.ts';
import type { ChosenFile } from './files.ts';

/** Small files on their way at once; a large one sends its own parts in parallel. */
const SMALL_AT_ONCE = 4;

/** Small files first, a few at a time, then the large ones one by one. The first failure ends it. */
export async function inTurns(
  files: ChosenFile[],
  signal: AbortSignal,
  upload: (file: ChosenFile) => Promise<void>,
): Promise<void> {
  const small = files.filter((file) => file.sizeBytes <= WHOLE_BYTES).values();
  let hasFailed = false;
  const lane = async () => {
    for (const file of small) {
      if (hasFailed || signal.aborted) return;
      await upload(file).catch((error) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: SMALL_AT_ONCE }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  for (const file of files) if (file.sizeBytes > WHOLE_BYTES) await upload(file);
}
