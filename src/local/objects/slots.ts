import type { DataFiles } from './files/data.ts';
import type { Upload, UploadIndex } from './index/uploads.ts';

/**
 * Parts are written where they will lie in the object, so that completing a large upload copies nothing. The first part to
 * arrive tells how long they all are (the last may be shorter); one that does not fit, or comes again, gets a file of its
 * own, and then completing copies.
 */
export class Slots {
  /** Part numbers that are being written, by upload. */
  private readonly busy = new Map<string, Set<number>>();

  constructor(
    private readonly uploads: UploadIndex,
    private readonly files: DataFiles,
  ) {}

  /** The place for a part in the shared file; undefined when it needs a file of its own. To be released. */
  take(
    { id }: Upload,
    number: number,
    sizeBytes: number | undefined,
  ): { file: string; position: number } | undefined {
    if (!sizeBytes) return undefined;
    // Another part may have arrived since the caller looked.
    const upload = this.uploads.upload(id);
    if (!upload) return undefined;
    const { file, strideBytes } = upload.file === null ? this.share(id, sizeBytes) : upload;
    const isTaken = this.busy.get(id)?.has(number) || this.uploads.part(id, number) !== undefined;
    if (isTaken || file === null || strideBytes === null || sizeBytes > strideBytes) return undefined;
    this.busy.set(id, (this.busy.get(id) ?? new Set()).add(number));
    return { file, position: (number - 1) * strideBytes };
  }

  release(id: string, number: number): void {
    const numbers = this.busy.get(id);
    numbers?.delete(number);
    if (numbers?.size === 0) this.busy.delete(id);
  }

  isBusy(id: string): boolean {
    return this.busy.has(id);
  }

  private share(id: string, strideBytes: number): { file: string; strideBytes: number } {
    const file = this.files.createNow();
    this.uploads.share(id, file, strideBytes);
    return { file, strideBytes };
  }
}
