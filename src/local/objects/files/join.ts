import { open } from 'node:fs/promises';
import type { DataFiles } from './data.ts';
import { rethrowDiskError, writeAll } from './receive.ts';

const COPY_BYTES = 1 << 20;

/** A stretch of a data file. */
interface Piece {
  file: string;
  position: number;
  size: number;
}

/** Writes the given pieces one behind the other into a new file; the sources stay. */
export async function joinFiles(files: DataFiles, pieces: Piece[]): Promise<string> {
  const { file, handle } = await files.create().catch(rethrowDiskError);
  try {
    const buffer = new Uint8Array(COPY_BYTES);
    let end = 0;
    for (const { file: source, position, size } of pieces) {
      await using from = await open(files.path(source), 'r');
      for (let copied = 0; copied < size; ) {
        const wanted = Math.min(COPY_BYTES, size - copied);
        const { bytesRead } = await from.read(buffer, 0, wanted, position + copied);
        if (bytesRead === 0) throw new Error(`data file ${source} is shorter than its part`);
        await writeAll(handle, buffer.subarray(0, bytesRead), end);
        copied += bytesRead;
        end += bytesRead;
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
