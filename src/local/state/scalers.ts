import type { Database } from 'bun:sqlite';

export type ScalerKind = 'auto' | 'cron';

/** Autoscaler and cronscaler of services, each a JSON document as text. */
export class Scalers {
  constructor(private readonly database: Database) {}

  get(serviceId: string, kind: ScalerKind): string | undefined {
    return (
      this.database
        .query<{ settings: string }, [string, string]>(
          'SELECT settings FROM scalers WHERE service_id = ? AND kind = ?',
        )
        .get(serviceId, kind)?.settings ?? undefined
    );
  }

  all(kind: ScalerKind): { service_id: string; settings: string }[] {
    return this.database
      .query<{ service_id: string; settings: string }, [string]>(
        'SELECT service_id, settings FROM scalers WHERE kind = ?',
      )
      .all(kind);
  }

  put(serviceId: string, kind: ScalerKind, settings: string): void {
    this.database
      .query('INSERT OR REPLACE INTO scalers (service_id, kind, settings) VALUES (?, ?, ?)')
      .run(serviceId, kind, settings);
  }

  remove(serviceId: string, kind: ScalerKind): void {
    this.database.query('DELETE FROM scalers WHERE service_id = ? AND kind = ?').run(serviceId, kind);
  }
}
