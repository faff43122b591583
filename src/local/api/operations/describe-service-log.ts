import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LogSection, readLogPage } from '../../instances/log-page.ts';
import { overlap, sectionsBeforeLastStart, sectionWithin } from '../../instances/log-sections.ts';
import type { ServiceRow } from '../../state/services.ts';
import { type ApiContext, type Call, serviceOf } from '../context.ts';
import { ApiError } from '../error.ts';
import { utcMs } from '../times.ts';

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
  const window = {
    fromMs: utcMs(query.text('StartTime'), 'StartTime'),
    toMs: utcMs(query.text('EndTime'), 'EndTime'),
  };
  const logs = instanceLogs(join(context.logsDir, row.name), query.text('InstanceName'));
  const wanted = query.flag('Previous')
    ? logs.flatMap((log) => previousOf(context, row, log))
    : wholeOf(logs);
  const sections = wanted.map((section) => overlap(section, sectionWithin(section.path, window)));
  const accepts = lineFilter(query.text('Keyword'));
  const { lines, total } = readLogPage(sections, { pageNum, pageSize, accepts });
  return { Logs: lines, PageNum: pageNum, TotalCount: total, TotalPageNum: Math.ceil(total / pageSize) };
}

interface InstanceLog {
  instance: string;
  /** Oldest first. */
  paths: string[];
  mtimeMs: number;
}

function instanceLogs(folder: string, instance: string | undefined): InstanceLog[] {
  const logs = new Map<string, InstanceLog>();
  for (const name of logNames(folder)) {
    const owner = name.replace(/\.log(\.\d+)?$/, '');
    if (instance !== undefined && owner !== instance) continue;
    const log = logs.get(owner) ?? { instance: owner, paths: [], mtimeMs: 0 };
    const path = join(folder, name);
    log.paths = name.endsWith('.log') ? [...log.paths, path] : [path, ...log.paths];
    log.mtimeMs = Math.max(log.mtimeMs, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    logs.set(owner, log);
  }
  if (instance !== undefined && logs.size === 0)
    throw new ApiError(404, 'InvalidInstance.NotFound', `There is no log of instance [${instance}]`);
  return [...logs.values()].sort((a, b) => a.mtimeMs - b.mtimeMs);
}

function logNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.log(\.\d+)?$/.test(name));
  } catch {
    // Nothing has been logged yet.
    return [];
  }
}

function wholeOf(logs: InstanceLog[]): LogSection[] {
  return logs.flatMap(({ paths }) => paths.map((path) => ({ path, from: 0 })));
}

/** An instance that ended is all past; of one that runs it is what came before its last start. */
function previousOf(context: ApiContext, row: ServiceRow, log: InstanceLog): LogSection[] {
  const running = context.lifecycle.instances(row.id).find(({ identity }) => identity.name === log.instance);
  if (!running) return wholeOf([log]);
  return running.restarts > 0 ? sectionsBeforeLastStart(log.paths) : [];
}

function lineFilter(keyword: string | undefined): ((line: string) => boolean) | undefined {
  return keyword === undefined ? undefined : (line) => line.includes(keyword);
}
