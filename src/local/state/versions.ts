import type { Database } from 'bun:sqlite';

/** One version of a service; `config` is the service JSON it was made from, as text. */
export interface VersionRow {
  service_id: string;
  version: number;
  config: string;
  image: string;
  /** Whether its workspace is laid out on disk. */
  package_state: 'wanted' | 'ready' | 'failed';
  message: string;
  created_at: string;
}

export class Versions {
  constructor(private readonly database: Database) {}

  insert(row: VersionRow): void {
    this.database
      .query(
        `INSERT INTO versions (service_id, version, config, image, package_state, message, created_at)
         VALUES ($service_id, $version, $config, $image, $package_state, $message, $created_at)`,
      )
      .run({ ...row });
  }

  get(serviceId: string, version: number): VersionRow | undefined {
    return (
      this.database
        .query<VersionRow, [string, number]>('SELECT * FROM versions WHERE service_id = ? AND version = ?')
        .get(serviceId, version) ?? undefined
    );
  }

  /** Newest first. */
  list(serviceId: string, limit: number, offset: number): { rows: VersionRow[]; total: number } {
    const { total } = this.database
      .query<{ total: number }, [string]>('SELECT count(*) AS total FROM versions WHERE service_id = ?')
      .get(serviceId)!;
    const rows = this.database
      .query<VersionRow, [string, number, number]>(
        'SELECT * FROM versions WHERE service_id = ? ORDER BY version DESC LIMIT ? OFFSET ?',
      )
      .all(serviceId, limit, offset);
    return { rows, total };
  }

  setPackage(serviceId: string, version: number, state: VersionRow['package_state'], message: string): void {
    this.database
      .query('UPDATE versions SET package_state = ?, message = ? WHERE service_id = ? AND version = ?')
      .run(state, message, serviceId, version);
  }

  setConfig(serviceId: string, version: number, config: string): void {
    this.database
      .query('UPDATE versions SET config = ? WHERE service_id = ? AND version = ?')
      .run(config, serviceId, version);
  }
}
