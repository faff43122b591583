import type { Database } from 'bun:sqlite';

/** Headers kept with an object, lower-case: content-type and its like, and `x-oss-meta-*`. */
export type StoredHeaders = Record<string, string>;

export interface StoredObject {
  bucket: string;
  key: string;
  /** Name of the data file, see files/data.ts. */
  file: string;
  size: number;
  etag: string;
  /** Decimal, as in `x-oss-hash-crc64ecma`. */
  crc64: string;
  type: 'Normal' | 'Multipart';
  modifiedMs: number;
  headers: StoredHeaders;
}

type Row = Omit<StoredObject, 'headers'> & { headers: string };

const fromRow = (row: Row): StoredObject => ({ ...row, headers: JSON.parse(row.headers) });

export interface KeyRange {
  bucket: string;
  prefix: string;
  /** Only keys behind this one, in byte order. */
  after: string;
  limit: number;
}

/** Buckets and objects of the index. */
export class ObjectIndex {
  constructor(private readonly database: Database) {}

  createBucket(name: string, nowMs: number): void {
    this.database.query('INSERT OR IGNORE INTO buckets VALUES (?, ?)').run(name, nowMs);
  }

  removeBucket(name: string): void {
    this.database.query('DELETE FROM buckets WHERE name = ?').run(name);
  }

  bucket(name: string): { name: string; createdMs: number } | null {
    return this.database
      .query<{ name: string; createdMs: number }, string>('SELECT * FROM buckets WHERE name = ?')
      .get(name);
  }

  buckets(): { name: string; createdMs: number }[] {
    return this.database
      .query<{ name: string; createdMs: number }, []>('SELECT * FROM buckets ORDER BY name')
      .all();
  }

  object(bucket: string, key: string): StoredObject | undefined {
    const row = this.database
      .query<Row, [string, string]>('SELECT * FROM objects WHERE bucket = ? AND key = ?')
      .get(bucket, key);
    return row ? fromRow(row) : undefined;
  }

  put(object: StoredObject): void {
    this.database
      .query(
        `INSERT OR REPLACE INTO objects (bucket, key, file, size, etag, crc64, type, modifiedMs, headers)
         VALUES ($bucket, $key, $file, $size, $etag, $crc64, $type, $modifiedMs, $headers)`,
      )
      .run({ ...object, headers: JSON.stringify(object.headers) });
  }

  remove(bucket: string, key: string): void {
    this.database.query('DELETE FROM objects WHERE bucket = ? AND key = ?').run(bucket, key);
  }

  /** Objects in byte order of their keys. */
  range({ bucket, prefix, after, limit }: KeyRange): StoredObject[] {
    return this.database
      .query<Row, [string, string, string, string, number]>(
        `SELECT * FROM objects WHERE bucket = ? AND key > ? AND key >= ? AND key < ?
         ORDER BY key LIMIT ?`,
      )
      .all(bucket, after, prefix, behind(prefix), limit)
      .map(fromRow);
  }

  usage(bucket: string): { objects: number; bytes: number } {
    return this.database
      .query<{ objects: number; bytes: number }, string>(
        'SELECT count(*) AS objects, coalesce(sum(size), 0) AS bytes FROM objects WHERE bucket = ?',
      )
      .get(bucket)!;
  }

  /** Whether any object or part still needs a data file; copies share one. */
  isFileUsed(file: string): boolean {
    return (
      this.database
        .query(`SELECT 1 FROM objects WHERE file = ?1 UNION ALL SELECT 1 FROM parts WHERE file = ?1
         UNION ALL SELECT 1 FROM uploads WHERE file = ?1 LIMIT 1`)
        .get(file) !== null
    );
  }

  files(): Set<string> {
    const rows = this.database
      .query<{ file: string }, []>(`SELECT file FROM objects UNION SELECT file FROM parts
         UNION SELECT file FROM uploads WHERE file IS NOT NULL`)
      .all();
    return new Set(rows.map((row) => row.file));
  }
}

/** Sorts behind every key that begins with `prefix`: no key holds the last code point of Unicode. */
export function behind(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
