import { Database } from 'bun:sqlite';
import { join } from 'node:path';

/**
 * The index says which data file is which object, so one transaction makes a whole object appear: no reader and no
 * kill -9 can see a half. Keys never become paths, which also makes every key legal on every file system.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, createdMs INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    crc64 TEXT NOT NULL, type TEXT NOT NULL, modifiedMs INTEGER NOT NULL, headers TEXT NOT NULL,
    PRIMARY KEY (bucket, key)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS objectsByFile ON objects (file);
  CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, initiatedMs INTEGER NOT NULL,
    headers TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parts (
    uploadId TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
    etag TEXT NOT NULL, crc64 TEXT NOT NULL, modifiedMs INTEGER NOT NULL,
    PRIMARY KEY (uploadId, number)) WITHOUT ROWID;
`;

/** Columns that the first versions did not have. */
const LATER_COLUMNS = [
  { table: 'uploads', name: 'file', type: 'TEXT' },
  { table: 'uploads', name: 'strideBytes', type: 'INTEGER' },
  { table: 'parts', name: 'position', type: 'INTEGER NOT NULL DEFAULT 0' },
];

function addColumn(database: Database, { table, name, type }: (typeof LATER_COLUMNS)[number]): void {
  const columns = database.query<{ name: string }, []>(`PRAGMA table_info(${table})`).all();
  if (!columns.some((column) => column.name === name))
    database.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
}

export function openIndex(dir: string): Database {
  const database = new Database(join(dir, 'index.db'), { create: true, strict: true });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(SCHEMA);
  for (const column of LATER_COLUMNS) addColumn(database, column);
  return database;
}
