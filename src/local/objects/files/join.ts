import { open } from 'node:fs/promises';
import type { DataFiles } from './data.ts';
import { rethrowDiskError, writeAll } from './receive.ts';

const COPY_BYTES = 1 << 20;

/** Writes the given files one behind the other into a new one; the sources stay. */
export async function joinFiles(files: DataFiles, sources: string[]): Promise<string> {
  const { file, handle } = await files.create().catch(rethrowDiskError);
  try {
    const buffer = new Uint8Array(COPY_BYTES);
    for (const source of sources) {
      await using from = await open(files.path(source), 'r');
      for (;;) {
        const { bytesRead } = await from.read(buffer, 0, COPY_BYTES);
        if (bytesRead === 0) break;
        await writeAll(handle, buffer.subarray(0, bytesRead));
      }
    }
    return file;
  } catch (error) {
    files.discard(file);
    return rethrowDiskError(error);
  } finally {
    await handle.close().catch(() => undefined);
  }
}
