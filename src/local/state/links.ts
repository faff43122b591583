import type { Database } from 'bun:sqlite';

/** Direct connections of resource groups (openapi.md UpdateResourceDLink), each a JSON document as text. */
export class Links {
  constructor(private readonly database: Database) {}

  get(resourceId: string): string | undefined {
    return (
      this.database
        .query<{ settings: string }, [string]>('SELECT settings FROM links WHERE resource_id = ?')
        .get(resourceId)?.settings ?? undefined
    );
  }

  put(resourceId: string, settings: string): void {
    this.database
      .query('INSERT OR REPLACE INTO links (resource_id, settings) VALUES (?, ?)')
      .run(resourceId, settings);
  }

  remove(resourceId: string): void {
    this.database.query('DELETE FROM links WHERE resource_id = ?').run(resourceId);
  }
}
