import type { Database } from 'bun:sqlite';
import { apiTime } from '../clock.ts';

export interface BenchmarkRow {
  id: string;
  name: string;
  service: string;
  status: string;
  message: string;
  reason: string;
  /** The stored document, as JSON text. */
  config: string;
  /** How many times it was started. */
  run: number;
  /** Agents that it is to have. */
  agents: number;
  /** RawReport of the last run, as JSON text. */
  report: string | null;
  created_at: string;
  updated_at: string;
  ended_at: string | null;
}

export interface BenchmarkQuery {
  filter?: string;
  service?: string;
  status?: string;
  sort: 'created_at' | 'updated_at' | 'name' | 'status';
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

/** All columns but the report, which is large. */
export type BenchmarkSummary = Omit<BenchmarkRow, 'report'>;
const SUMMARY =
  'id, name, service, status, message, reason, config, run, agents, created_at, updated_at, ended_at';

/** Benchmark tasks (openapi.md section 6). */
export class Benchmarks {
  constructor(private readonly database: Database) {}

  insert(row: BenchmarkRow): void {
    const names = Object.keys(row);
    this.database
      .query(
        `INSERT INTO benchmarks (${names.join(', ')}) VALUES (${names.map((name) => `$${name}`).join(', ')})`,
      )
      .run({ ...row });
  }

  byName(name: string): BenchmarkSummary | undefined {
    return (
      this.database
        .query<BenchmarkSummary, [string]>(`SELECT ${SUMMARY} FROM benchmarks WHERE name = ?`)
        .get(name) ?? undefined
    );
  }

  reportOf(name: string): string | undefined {
    return (
      this.database
        .query<{ report: string | null }, [string]>('SELECT report FROM benchmarks WHERE name = ?')
        .get(name)?.report ?? undefined
    );
  }

  all(): BenchmarkSummary[] {
    return this.database.query<BenchmarkSummary, []>(`SELECT ${SUMMARY} FROM benchmarks`).all();
  }

  list(query: BenchmarkQuery): { rows: BenchmarkSummary[]; total: number } {
    const values: Record<string, string> = {};
    const parts: string[] = [];
    const add = (sql: string, name: string, value: string | undefined) => {
      if (value === undefined) return;
      parts.push(sql);
      values[name] = value;
    };
    add('(instr(name, $filter) > 0 OR instr(service, $filter) > 0)', 'filter', query.filter);
    add('service = $service', 'service', query.service);
    add('status = $status', 'status', query.status);
    const where = parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '';
    const { total } = this.database
      .query<{ total: number }, Record<string, string>>(`SELECT count(*) AS total FROM benchmarks ${where}`)
      .get(values)!;
    const order = query.order === 'asc' ? 'ASC' : 'DESC';
    const rows = this.database
      .query<BenchmarkSummary, Record<string, string | number>>(
        `SELECT ${SUMMARY} FROM benchmarks ${where} ORDER BY ${query.sort} ${order}, rowid ${order} LIMIT $limit OFFSET $offset`,
      )
      .all({ ...values, limit: query.limit, offset: query.offset });
    return { rows, total };
  }

  /** A new status moves UpdateTime; messages and numbers leave it. */
  change(name: string, change: Partial<Omit<BenchmarkRow, 'id' | 'name'>>): void {
    const values: Record<string, string | number | null> = { ...change };
    if (change.status !== undefined) values.updated_at = apiTime();
    const assignments = Object.keys(values).map((column) => `${column} = $${column}`);
    this.database
      .query(`UPDATE benchmarks SET ${assignments.join(', ')} WHERE name = $name`)
      .run({ ...values, name });
  }

  remove(name: string): void {
    this.database.query('DELETE FROM benchmarks WHERE name = ?').run(name);
  }
}
