import { createHash } from 'node:crypto';
import type { BenchmarkTask, BenchmarkTaskDetail } from './api.ts';
import type { RawReport } from './report.ts';
import template from './statsview.html' with { type: 'text' };

/** What the page shows; a live one asks for it again every second at `statsview/data`. */
export interface StatsState {
  task: BenchmarkTask & Partial<BenchmarkTaskDetail>;
  data?: RawReport;
  /** Why the numbers may be old. */
  trouble?: string;
}

const html = template as unknown as string;

/** The page as one document without outside parts; it holds no token. */
export function statsPage({ task, data }: StatsState, isLive: boolean): string {
  const { TaskName, ServiceName, Status, Message, Reason, DesiredAgent, AvailableAgent } = task;
  const shown = { TaskName, ServiceName, Status, Message, Reason, DesiredAgent, AvailableAgent };
  const state = JSON.stringify({ task: shown, data, isLive }).replaceAll('<', '\\u003c');
  return html
    .replace('%title%', () => `Benchmark task ${TaskName}`.replace(/[&<>"]/g, ''))
    .replace('"%state%"', () => state);
}

/** Headers of the page: only its own script runs, and it talks to where it came from. */
export function statsHeaders(): Record<string, string> {
  const script = /<script>([\s\S]*)<\/script>/.exec(html)![1]!;
  const hash = createHash('sha256').update(script).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; connect-src 'self'`,
  };
}
