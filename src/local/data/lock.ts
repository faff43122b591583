import { Database } from 'bun:sqlite';

/** Held by the one running daemon of a data directory; the kernel lets go when the process dies. */
export interface DirectoryLock {
  release(): void;
}

/** Takes the exclusive lock, or answers undefined when another process has it. */
export function tryLock(path: string): DirectoryLock | undefined {
  const database = new Database(path, { create: true });
  try {
    database.run('PRAGMA busy_timeout = 0');
    // Not EXCLUSIVE: two that come at once would each hold the shared lock the other waits for, and both give up.
    database.run('BEGIN IMMEDIATE');
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  // The lock lives as long as this object is reachable: a collected Database closes its file.
  return {
    release() {
      database.close();
    },
  };
}
