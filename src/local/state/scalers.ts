import type { Database } from 'bun:sqlite';

export type ScalerKind = 'auto' | 'cron';

/** Autoscaler and cronscaler of services, each a JSON document as text. */
export class Scalers {
  /** Keys `<kind> <service id>`: lists of ten thousand services ask for each of them. */
  private readonly known: Set<string>;

  constructor(private readonly database: Database) {
    const keys = (kind: ScalerKind) => this.all(kind).map(({ service_id: id }) => `${kind} ${id}`);
    this.known = new Set([...keys('auto'), ...keys('cron')]);
  }

  has(serviceId: string, kind: ScalerKind): boolean {
    return this.known.has(`${kind} ${serviceId}`);
  }

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
    this.known.add(`${kind} ${serviceId}`);
  }

  remove(serviceId: string, kind: ScalerKind): void {
    this.database.query('DELETE FROM scalers WHERE service_id = ? AND kind = ?').run(serviceId, kind);
    this.known.delete(`${kind} ${serviceId}`);
  }
}
