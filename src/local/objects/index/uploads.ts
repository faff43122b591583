import type { Database } from 'bun:sqlite';
import type { StoredHeaders } from './objects.ts';

export interface Upload {
  id: string;
  bucket: string;
  key: string;
  initiatedMs: number;
  headers: StoredHeaders;
  /** Data file that the parts share, once the first one came; see files/slots.ts. */
  file: string | null;
  /** Length of each part in that file but the last. */
  strideBytes: number | null;
}

export interface Part {
  uploadId: string;
  number: number;
  file: string;
  /** Where in the file it begins. */
  position: number;
  size: number;
  etag: string;
  crc64: string;
  modifiedMs: number;
}

type Row = Omit<Upload, 'headers'> & { headers: string };
const fromRow = (row: Row): Upload => ({ ...row, headers: JSON.parse(row.headers) });

/** Multipart uploads in progress and their parts. */
export class UploadIndex {
  constructor(private readonly database: Database) {}

  start(upload: Omit<Upload, 'file' | 'strideBytes'>): void {
    this.database
      .query(
        `INSERT INTO uploads (id, bucket, key, initiatedMs, headers)
         VALUES ($id, $bucket, $key, $initiatedMs, $headers)`,
      )
      .run({ ...upload, headers: JSON.stringify(upload.headers) });
  }

  share(id: string, file: string, strideBytes: number): void {
    this.database
      .query('UPDATE uploads SET file = ?, strideBytes = ? WHERE id = ?')
      .run(file, strideBytes, id);
  }

  upload(id: string): Upload | undefined {
    const row = this.database.query<Row, string>('SELECT * FROM uploads WHERE id = ?').get(id);
    return row ? fromRow(row) : undefined;
  }

  /** Uploads of a bucket by key, then by id; all of them, since they are few. */
  uploads(bucket: string): Upload[] {
    return this.database
      .query<Row, string>('SELECT * FROM uploads WHERE bucket = ? ORDER BY key, id')
      .all(bucket)
      .map(fromRow);
  }

  putPart(part: Part): void {
    this.database
      .query(
        `INSERT OR REPLACE INTO parts (uploadId, number, file, position, size, etag, crc64, modifiedMs)
         VALUES ($uploadId, $number, $file, $position, $size, $etag, $crc64, $modifiedMs)`,
      )
      .run({ ...part });
  }

  part(uploadId: string, number: number): Part | undefined {
    return (
      this.database
        .query<Part, [string, number]>('SELECT * FROM parts WHERE uploadId = ? AND number = ?')
        .get(uploadId, number) ?? undefined
    );
  }

  parts(uploadId: string, afterNumber = 0, limit = -1): Part[] {
    return this.database
      .query<Part, [string, number, number]>(
        'SELECT * FROM parts WHERE uploadId = ? AND number > ? ORDER BY number LIMIT ?',
      )
      .all(uploadId, afterNumber, limit);
  }

  /** Forgets an upload with its parts; false when there was none. */
  finish(id: string): boolean {
    this.database.query('DELETE FROM parts WHERE uploadId = ?').run(id);
    return this.database.query('DELETE FROM uploads WHERE id = ?').run(id).changes > 0;
  }
}
