import type { Database } from 'bun:sqlite';
import { OssError } from './errors.ts';
import type { DataFiles } from './files/data.ts';
import { rethrowDiskError } from './files/receive.ts';
import { ObjectIndex, type StoredObject } from './index/objects.ts';
import type { Reserve } from './index/reserve.ts';
import { type Part, type Upload, UploadIndex } from './index/uploads.ts';
import { Slots } from './slots.ts';

/** Index and data files together: every change here leaves both in agreement. */
export class Shelf {
  readonly objects: ObjectIndex;
  readonly uploads: UploadIndex;
  readonly slots: Slots;

  constructor(
    private readonly database: Database,
    readonly files: DataFiles,
    private readonly reserve: Reserve,
  ) {
    this.objects = new ObjectIndex(database);
    this.uploads = new UploadIndex(database);
    this.slots = new Slots(this.uploads, files);
  }

  requireBucket(name: string): { name: string; createdMs: number } {
    const bucket = this.objects.bucket(name);
    if (!bucket)
      throw new OssError('NoSuchBucket', 'The specified bucket does not exist.', { BucketName: name });
    return bucket;
  }

  requireObject(bucket: string, key: string): StoredObject {
    this.requireBucket(bucket);
    const object = this.objects.object(bucket, key);
    if (!object) throw new OssError('NoSuchKey', 'The specified key does not exist.', { Key: key });
    return object;
  }

  /** Makes `object` the one under its key, with what `also` does in the same transaction; `isOverwriteForbidden` refuses to replace. */
  publish(object: StoredObject, isOverwriteForbidden: boolean, also?: () => void): void {
    const replaced = this.objects.object(object.bucket, object.key);
    try {
      this.database.transaction(() => {
        this.requireBucket(object.bucket);
        if (isOverwriteForbidden) this.refuseOverwrite(object.bucket, object.key);
        also?.();
        this.objects.put(object);
      })();
    } catch (error) {
      this.discardUnused(object.file);
      rethrowDiskError(error);
    }
    if (replaced) this.retireUnused(replaced.file);
  }

  refuseOverwrite(bucket: string, key: string): void {
    if (this.objects.object(bucket, key))
      throw new OssError(
        'FileAlreadyExists',
        'The object you specified already exists and can not be overwritten.',
        {
          Key: key,
        },
      );
  }

  removeObject(bucket: string, key: string): void {
    const object = this.objects.object(bucket, key);
    if (!object) return;
    this.reserve.spend(() => this.objects.remove(bucket, key));
    this.retireUnused(object.file);
  }

  /** Records a part whose data file is complete; refused when the upload has ended meanwhile. */
  publishPart(part: Part): void {
    const replaced = this.uploads.part(part.uploadId, part.number);
    try {
      this.database.transaction(() => {
        if (!this.uploads.upload(part.uploadId)) throw noSuchUpload(part.uploadId);
        this.uploads.putPart(part);
      })();
    } catch (error) {
      this.discardUnused(part.file);
      rethrowDiskError(error);
    }
    if (replaced) this.retireUnused(replaced.file);
  }

  /** Ends an upload and gives its parts' files up. */
  removeUpload(upload: Upload): void {
    const parts = this.uploads.parts(upload.id);
    this.reserve.spend(this.database.transaction(() => this.uploads.finish(upload.id)));
    this.retireParts(upload, parts);
  }

  /** Gives up what an upload that has ended kept in files. */
  retireParts(upload: Upload, parts: Part[]): void {
    const files = new Set(parts.map((part) => part.file));
    if (upload.file !== null) files.add(upload.file);
    for (const file of files) this.retireUnused(file);
  }

  discardUnused(file: string): void {
    if (!this.objects.isFileUsed(file)) this.files.discard(file);
  }

  retireUnused(file: string): void {
    if (!this.objects.isFileUsed(file)) this.files.retire(file);
  }

  close(): void {
    this.files.close();
    this.reserve.close();
    this.database.close();
  }
}

export function noSuchUpload(id: string): OssError {
  return new OssError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: id },
  );
}
