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

/** How often, and how long apart, a lock is tried that may be held for a moment only, by whoever looks whether it is free. */
const TRIES = 5;
const PAUSE_MS = 40;

/** As `tryLock`, for those who mean to keep it. */
export async function lockPatiently(path: string): Promise<DirectoryLock | undefined> {
  for (let tries = 1; ; tries++) {
    const lock = tryLock(path);
    if (lock || tries === TRIES) return lock;
    await Bun.sleep(PAUSE_MS);
  }
}
