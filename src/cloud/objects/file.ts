import { type FileHandle, open, stat } from 'node:fs/promises';
import { EasError, usageError } from '../../core/errors.ts';

/** A file being uploaded: read once, in order, and watched for changes. */
export class UploadFile {
  private constructor(
    readonly path: string,
    readonly sizeBytes: number,
    private readonly handle: FileHandle,
    /** Device, inode, size and time of the last change: what must stay the same. */
    readonly identity: string,
  ) {}

  /** EasError (exit 2) when it is absent, no file, or cannot be read. */
  static async open(path: string): Promise<UploadFile> {
    const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw usageError('FileNotFound', `there is no file ${path}`);
      throw usageError('FileUnreadable', `cannot read ${path}: ${error.code}`);
    });
    const found = await handle.stat({ bigint: true });
    if (!found.isFile()) {
      await handle.close();
      throw usageError(
        'NotAFile',
        `${path} is ${found.isDirectory() ? 'a folder' : 'not a file'}`,
        found.isDirectory() ? 'Pack it first, for example with tar czf.' : undefined,
      );
    }
    return new UploadFile(path, Number(found.size), handle, identityOf(found));
  }

  /** Fills `buffer` with the bytes from `start` on; EasError when the file has become shorter. */
  async read(start: number, buffer: Buffer): Promise<Buffer> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, filled, buffer.length - filled, start + filled);
      if (bytesRead === 0) throw this.changed('became shorter');
      filled += bytesRead;
    }
    return buffer;
  }

  /** EasError when the file under this path is no longer the one that was opened. */
  async checkUnchanged(): Promise<void> {
    const now = await stat(this.path, { bigint: true }).catch(() => undefined);
    if (!now) throw this.changed('vanished');
    if (identityOf(now) !== this.identity) throw this.changed('changed');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.handle.close();
  }

  private changed(what: string): EasError {
    return new EasError({
      code: 'FileChanged',
      message: `${this.path} ${what} while it was uploaded; nothing was left in the object store`,
      hint: 'Run the upload again when the file is complete.',
    });
  }
}

const identityOf = (found: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }) =>
  [found.dev, found.ino, found.size, found.mtimeNs].join();
