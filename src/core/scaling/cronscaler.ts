import { parseRecord, type RecordRule, readRecord } from '../input/record.ts';
import { type Node, toValue } from '../service/document/parse.ts';
import type { Source } from '../service/document/source.ts';
import type { CronscalerSettings } from './api.ts';
import { cronProblem } from './cron.ts';

const TOP: Record<string, RecordRule> = {
  ScaleJobs: { type: 'array', isRequired: true },
  ExcludeDates: { type: 'list of strings' },
};
const JOB: Record<string, RecordRule> = {
  Name: { type: 'string' },
  Schedule: { type: 'string', isRequired: true },
  TargetSize: { type: 'integer', min: 0, max: 1000, isRequired: true },
  TimeZone: { type: 'string' },
};

/** Reads cronscale.json (eascmd.md 3.7). Throws EasError (exit 2) with the line and column of what is wrong. */
export function readCronscaler(text: string, fileName: string): CronscalerSettings {
  const { source, root } = parseRecord(text, fileName);
  const top = readRecord(source, root, '', TOP);
  const jobs = top.get('ScaleJobs')!.value as Extract<Node, { kind: 'array' }>;
  if (jobs.items.length === 0)
    throw source.error(
      'InvalidField',
      jobs.at,
      'ScaleJobs is empty',
      'To end scaling: eascmd cronscale rm <service>.',
    );
  const names = new Set<string>();
  for (const [index, item] of jobs.items.entries()) checkJob(source, item, `ScaleJobs[${index}]`, names);
  const dates = top.get('ExcludeDates')?.value;
  if (dates?.kind === 'array') for (const item of dates.items) checkSchedule(source, item);
  return toValue(root) as unknown as CronscalerSettings;
}

function checkJob(source: Source, item: Node, where: string, names: Set<string>): void {
  if (item.kind !== 'object') throw source.error('InvalidField', item.at, `${where} must be an object {…}`);
  const fields = readRecord(source, item, where, JOB);
  checkSchedule(source, fields.get('Schedule')!.value);
  const zone = fields.get('TimeZone')?.value;
  if (zone?.kind === 'string' && !isTimeZone(zone.value))
    throw source.error(
      'InvalidField',
      zone.at,
      `${where}.TimeZone "${zone.value}" is no time zone`,
      'Write an IANA name such as Asia/Shanghai.',
    );
  const name = fields.get('Name')?.value;
  if (name?.kind !== 'string') return;
  if (names.has(name.value))
    throw source.error('InvalidField', name.at, `two jobs are named "${name.value}"`);
  names.add(name.value);
}

function checkSchedule(source: Source, node: Node): void {
  if (node.kind !== 'string') return;
  const problem = cronProblem(node.value);
  if (problem)
    throw source.error(
      'InvalidSchedule',
      node.at + 1 + problem.at,
      problem.what,
      'A schedule reads: second minute hour day-of-month month day-of-week, e.g. "0 30 9 * * 1-5".',
    );
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
