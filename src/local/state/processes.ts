import type { Database } from 'bun:sqlite';
import type { ProcessIdentity } from '../process/identity.ts';

/** Every process the daemon started and has not seen end; the next start checks and ends what is left of them. */
export class Processes {
  constructor(private readonly database: Database) {}

  add(identity: ProcessIdentity, what: string): void {
    this.database
      .query('INSERT OR REPLACE INTO processes (pid, started, what) VALUES (?, ?, ?)')
      .run(identity.pid, identity.started, what);
  }

  remove(identity: ProcessIdentity): void {
    this.database
      .query('DELETE FROM processes WHERE pid = ? AND started = ?')
      .run(identity.pid, identity.started);
  }

  all(): (ProcessIdentity & { what: string })[] {
    return this.database
      .query<ProcessIdentity & { what: string }, []>('SELECT pid, started, what FROM processes')
      .all();
  }
}
