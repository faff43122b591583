import type { Database } from 'bun:sqlite';

export interface InstanceRow {
  name: string;
  service_id: string;
  version: number;
  revision: number;
  is_draining: number;
  restarts: number;
  /** ContainerState as JSON text. */
  last_state: string | null;
  created_at: string;
}

export class Instances {
  constructor(private readonly database: Database) {}

  insert(row: InstanceRow): void {
    this.database
      .query(
        `INSERT INTO instances (name, service_id, version, revision, is_draining, restarts, last_state, created_at)
         VALUES ($name, $service_id, $version, $revision, $is_draining, $restarts, $last_state, $created_at)`,
      )
      .run({ ...row });
  }

  /** Oldest first. */
  ofService(serviceId: string): InstanceRow[] {
    return this.database
      .query<InstanceRow, [string]>('SELECT * FROM instances WHERE service_id = ? ORDER BY rowid')
      .all(serviceId);
  }

  setRestarts(name: string, restarts: number, lastState: string | null): void {
    this.database
      .query('UPDATE instances SET restarts = ?, last_state = ? WHERE name = ?')
      .run(restarts, lastState, name);
  }

  setDraining(name: string): void {
    this.database.query('UPDATE instances SET is_draining = 1 WHERE name = ?').run(name);
  }

  remove(name: string): void {
    this.database.query('DELETE FROM instances WHERE name = ?').run(name);
  }
}
