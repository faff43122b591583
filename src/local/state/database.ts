import { Database } from 'bun:sqlite';
import { chmodSync } from 'node:fs';
import { EasError } from '../../core/errors.ts';
import { migrations } from './migrations.ts';

/**
 * Opens state.db, brings it to the newest version and checks it. A damaged or newer file is an EasError and is left
 * as it is. WAL with synchronous NORMAL: a commit survives the end of the process, kill -9 included.
 */
export function openDatabase(path: string): Database {
  let database: Database | undefined;
  try {
    database = new Database(path, { create: true, strict: true });
    chmodSync(path, 0o600);
    database.run('PRAGMA busy_timeout = 5000');
    database.run('PRAGMA journal_mode = WAL');
    database.run('PRAGMA synchronous = NORMAL');
    database.run('PRAGMA foreign_keys = ON');
    const { quick_check: verdict } = database.query('PRAGMA quick_check').get() as { quick_check: string };
    if (verdict !== 'ok') throw new Error(verdict);
    migrate(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof EasError) throw cause;
    throw new EasError({
      code: 'LocalStateDamaged',
      message: `The state of Local EAS in ${path} can't be read: ${cause instanceof Error ? cause.message : cause}`,
      hint: 'Nothing was changed. Restore that file from a copy, or give up its services with `eascmd local reset`.',
      cause,
    });
  }
}

function migrate(database: Database, path: string): void {
  const { user_version: version } = database.query('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length) {
    throw new EasError({
      code: 'LocalStateTooNew',
      message: `${path} was written by a newer eascmd (state version ${version}, this one knows ${migrations.length})`,
      hint: 'Use that eascmd again, or another directory with --data-dir. Nothing was changed.',
    });
  }
  for (let at = version; at < migrations.length; at++) {
    database.transaction(() => {
      database.run(migrations[at]!);
      database.run(`PRAGMA user_version = ${at + 1}`);
    })();
  }
}
