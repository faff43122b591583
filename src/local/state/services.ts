import type { Database } from 'bun:sqlite';
import { apiTime } from '../clock.ts';

export type Desired = 'running' | 'stopped' | 'deleted';

/** One service as Local EAS remembers it. Times are RFC 3339 in UTC. */
export interface ServiceRow {
  id: string;
  name: string;
  desired: Desired;
  status: string;
  message: string;
  token: string;
  /** Current service JSON, as text. */
  config: string;
  /** Map of labels, as JSON text. */
  labels: string;
  safety_lock: string;
  instances: number;
  current_version: number;
  latest_version: number;
  /** Grows with every change that replaces the instances without a new version. */
  revision: number;
  created_at: string;
  updated_at: string;
  /** The gateway path it shares with its blue-green twin; null when it only has its own. */
  entrance: string | null;
  /** 1 while a twin is called at a path and token of its own; 0 when it answers at the entrance. */
  has_own_endpoint: number;
  /** Percent of the entrance while two services share it, else 0. */
  weight: number;
}

/** A service without an entrance needs no word about it. */
export type NewService = Omit<ServiceRow, keyof Release> & Partial<Release>;
type Release = Pick<ServiceRow, 'entrance' | 'has_own_endpoint' | 'weight'>;
const standalone: Release = { entrance: null, has_own_endpoint: 1, weight: 0 };

export type ServiceChange = Partial<Omit<ServiceRow, 'id' | 'name' | 'created_at'>>;

export interface ServiceQuery {
  /** Part of the name. */
  filter?: string;
  name?: string;
  id?: string;
  status?: string;
  /** Value null matches any service with that key. */
  labels?: Record<string, string | null>;
  sort: 'created_at' | 'updated_at' | 'name' | 'status';
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

const columns = [
  'id',
  'name',
  'desired',
  'status',
  'message',
  'token',
  'config',
  'labels',
  'safety_lock',
  'instances',
  'current_version',
  'latest_version',
  'revision',
  'created_at',
  'updated_at',
  'entrance',
  'has_own_endpoint',
  'weight',
] as const;

export class Services {
  constructor(private readonly database: Database) {}

  insert(row: NewService): void {
    this.database
      .query(
        `INSERT INTO services (${columns.join(', ')}) VALUES (${columns.map((name) => `$${name}`).join(', ')})`,
      )
      .run({ ...standalone, ...row });
  }

  byName(name: string): ServiceRow | undefined {
    return (
      this.database.query<ServiceRow, [string]>('SELECT * FROM services WHERE name = ?').get(name) ??
      undefined
    );
  }

  byId(id: string): ServiceRow | undefined {
    return (
      this.database.query<ServiceRow, [string]>('SELECT * FROM services WHERE id = ?').get(id) ?? undefined
    );
  }

  /** Services of one blue-green entrance, oldest first. */
  ofEntrance(entrance: string): ServiceRow[] {
    return this.database
      .query<ServiceRow, [string]>('SELECT * FROM services WHERE entrance = ? ORDER BY rowid')
      .all(entrance);
  }

  /** Services that need hands: wanted running, being deleted, or not yet at rest. */
  unsettled(): ServiceRow[] {
    return this.database
      .query<ServiceRow, []>("SELECT * FROM services WHERE desired <> 'stopped' OR status <> 'Stopped'")
      .all();
  }

  /** `touch` moves UpdateTime; progress messages leave it. */
  change(id: string, change: ServiceChange, touch = false): void {
    const values: Record<string, string | number | null> = touch
      ? { ...change, updated_at: apiTime() }
      : { ...change };
    const assignments = Object.keys(values).map((name) => `${name} = $${name}`);
    if (assignments.length === 0) return;
    this.database
      .query(`UPDATE services SET ${assignments.join(', ')} WHERE id = $id`)
      .run({ ...values, id });
  }

  remove(id: string): void {
    this.database.query('DELETE FROM services WHERE id = ?').run(id);
  }

  list(query: ServiceQuery): { rows: ServiceRow[]; total: number } {
    const { where, values } = conditions(query);
    const order = query.order === 'asc' ? 'ASC' : 'DESC';
    const { total } = this.database
      .query<{ total: number }, Record<string, string>>(`SELECT count(*) AS total FROM services ${where}`)
      .get(values)!;
    const rows = this.database
      .query<ServiceRow, Record<string, string | number>>(
        `SELECT * FROM services ${where} ORDER BY ${query.sort} ${order}, rowid ${order} LIMIT $limit OFFSET $offset`,
      )
      .all({ ...values, limit: query.limit, offset: query.offset });
    return { rows, total };
  }
}

function conditions(query: ServiceQuery): { where: string; values: Record<string, string> } {
  const parts: string[] = [];
  const values: Record<string, string> = {};
  const add = (sql: string, name: string, value: string | undefined) => {
    if (value === undefined) return;
    parts.push(sql);
    values[name] = value;
  };
  add('instr(name, $filter) > 0', 'filter', query.filter);
  add('name = $name', 'name', query.name);
  add('id = $id', 'id', query.id);
  add('status = $status', 'status', query.status);
  for (const [index, [key, value]] of Object.entries(query.labels ?? {}).entries()) {
    const matches = value === null ? '' : ` AND value = $value${index}`;
    add(`EXISTS (SELECT 1 FROM json_each(labels) WHERE key = $key${index}${matches})`, `key${index}`, key);
    if (value !== null) values[`value${index}`] = value;
  }
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values };
}
