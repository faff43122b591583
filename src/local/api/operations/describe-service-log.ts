import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readLogPage } from '../../instances/log-page.ts';
import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/**
 * openapi.md DescribeServiceLog. Page 1 holds the newest lines (a guess: the reference doesn't say), each page oldest
 * line first. Without InstanceName the logs of all instances follow one another, the last written one at the end.
 */
export function describeServiceLog(context: ApiContext, call: Call) {
  const { query } = call;
  const row = serviceOf(context, call);
  query.refuse(['ContainerName', 'Ip']);
  const pageNum = query.whole('PageNum', 1, 1, 1_000_000);
  const pageSize = query.whole('PageSize', 500, 1, 5000);
  const files = logFiles(join(context.logsDir, row.name), query.text('InstanceName'), query.flag('Previous'));
  const { lines, total } = readLogPage(files, { pageNum, pageSize, accepts: lineFilter(call) });
  return { Logs: lines, PageNum: pageNum, TotalCount: total, TotalPageNum: Math.ceil(total / pageSize) };
}

function logFiles(folder: string, instance: string | undefined, isPrevious: boolean): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => /\.log(\.\d+)?$/.test(name));
  } catch {
    // Nothing has been logged yet.
  }
  if (instance !== undefined) {
    names = names.filter((name) => name.replace(/\.log(\.\d+)?$/, '') === instance);
    if (names.length === 0)
      throw new ApiError(404, 'InvalidInstance.NotFound', `There is no log of instance [${instance}]`);
  }
  if (isPrevious) names = names.filter((name) => /\.\d+$/.test(name));
  return names
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ path }) => path);
}

/** Lines begin with `[YYYY-MM-DD HH:MM:SS]` in local time (eascmd.md 2.16); StartTime and EndTime are UTC. */
function lineFilter({ query }: Call): ((line: string) => boolean) | undefined {
  const keyword = query.text('Keyword');
  const from = localTime(query.text('StartTime'), 'StartTime');
  const to = localTime(query.text('EndTime'), 'EndTime');
  if (keyword === undefined && from === undefined && to === undefined) return undefined;
  return (line) => {
    if (keyword !== undefined && !line.includes(keyword)) return false;
    if (from === undefined && to === undefined) return true;
    const at = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/.exec(line)?.[1];
    return at !== undefined && (from === undefined || at >= from) && (to === undefined || at <= to);
  };
}

function localTime(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  const at = TIME.test(text) ? new Date(`${text.replace(' ', 'T')}Z`) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime())) throw invalid(`${name} must be YYYY-MM-DD HH:MM:SS in UTC, not ${text}`);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}
