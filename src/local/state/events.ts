import type { Database } from 'bun:sqlite';

export interface EventRow {
  /** RFC 3339 in UTC. */
  at: string;
  type: 'Normal' | 'Warning';
  reason: string;
  resource: 'Service' | 'Pod';
  instance: string | null;
  /** A JSON document, as text (openapi.md DescribeServiceEvent). */
  message: string;
}

export interface EventQuery {
  serviceId: string;
  type?: string;
  instance?: string;
  /** RFC 3339 in UTC, both ends included. */
  from?: string;
  to?: string;
  limit: number;
  offset: number;
}

/** Events kept for each service; older ones are forgotten. */
const KEPT = 1000;

export class Events {
  constructor(private readonly database: Database) {}

  add(serviceId: string, event: EventRow): void {
    const { id } = this.database
      .query<{ id: number }, Record<string, string | null>>(
        `INSERT INTO events (service_id, at, type, reason, resource, instance, message)
         VALUES ($serviceId, $at, $type, $reason, $resource, $instance, $message) RETURNING id`,
      )
      .get({ ...event, serviceId })!;
    if (id % 100 === 0) this.forget(serviceId);
  }

  /** Newest first. */
  list(query: EventQuery): { rows: EventRow[]; total: number } {
    const parts = ['service_id = $serviceId'];
    const values: Record<string, string> = { serviceId: query.serviceId };
    const add = (sql: string, name: string, value: string | undefined) => {
      if (value === undefined) return;
      parts.push(sql);
      values[name] = value;
    };
    add('type = $type', 'type', query.type);
    add('instance = $instance', 'instance', query.instance);
    add('at >= $from', 'from', query.from);
    add('at <= $to', 'to', query.to);
    const where = parts.join(' AND ');
    const { total } = this.database
      .query<{ total: number }, Record<string, string>>(`SELECT count(*) AS total FROM events WHERE ${where}`)
      .get(values)!;
    const rows = this.database
      .query<EventRow, Record<string, string | number>>(
        `SELECT at, type, reason, resource, instance, message FROM events
         WHERE ${where} ORDER BY id DESC LIMIT $limit OFFSET $offset`,
      )
      .all({ ...values, limit: query.limit, offset: query.offset });
    return { rows, total };
  }

  private forget(serviceId: string): void {
    this.database
      .query(
        `DELETE FROM events WHERE service_id = $serviceId AND id <= (
           SELECT id FROM events WHERE service_id = $serviceId ORDER BY id DESC LIMIT 1 OFFSET ${KEPT})`,
      )
      .run({ serviceId });
  }
}
