import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readLogPage } from '../../instances/log-page.ts';
import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { ApiError } from '../error.ts';

/**
 * openapi.md DescribeServiceLog. Page 1 holds the newest lines (a guess: the reference doesn't say), each page oldest
 * line first. Without InstanceName the logs of all instances follow one another, the last written one at the end.
 */
export function describeServiceLog(context: ApiContext, call: Call) {
  const { query } = call;
  const row = serviceOf(context, call);
  // Output of user code carries no time, and all starts of an instance share one log.
  query.refuse(['ContainerName', 'Ip', 'StartTime', 'EndTime']);
  const pageNum = query.whole('PageNum', 1, 1, 1_000_000);
  const pageSize = query.whole('PageSize', 500, 1, 5000);
  if (query.flag('Previous')) query.refuse(['Previous']);
  const files = logFiles(join(context.logsDir, row.name), query.text('InstanceName'));
  const { lines, total } = readLogPage(files, {
    pageNum,
    pageSize,
    accepts: lineFilter(query.text('Keyword')),
  });
  return { Logs: lines, PageNum: pageNum, TotalCount: total, TotalPageNum: Math.ceil(total / pageSize) };
}

function logFiles(folder: string, instance: string | undefined): string[] {
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
  return names
    .map((name) => ({
      path: join(folder, name),
      at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => a.at - b.at)
    .map(({ path }) => path);
}

function lineFilter(keyword: string | undefined): ((line: string) => boolean) | undefined {
  return keyword === undefined ? undefined : (line) => line.includes(keyword);
}
