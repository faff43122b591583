import type { Database } from 'bun:sqlite';

/** Gateway paths that a blue-green pair shares; a path outlives the service it is named after (serving.md e). */
export class Entrances {
  constructor(private readonly database: Database) {}

  /** Token that callers of this path use; undefined when there is no such entrance. */
  tokenOf(name: string): string | undefined {
    return (
      this.database.query<{ token: string }, [string]>('SELECT token FROM entrances WHERE name = ?').get(name)
        ?.token ?? undefined
    );
  }

  put(name: string, token: string): void {
    this.database.query('INSERT OR REPLACE INTO entrances (name, token) VALUES (?, ?)').run(name, token);
  }

  remove(name: string): void {
    this.database.query('DELETE FROM entrances WHERE name = ?').run(name);
  }
}
