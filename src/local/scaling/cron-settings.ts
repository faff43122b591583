import { ApiError, invalid } from '../api/error.ts';
import { apiTime } from '../clock.ts';
import type { Config } from '../service/spec.ts';
import { isObject } from '../service/values.ts';
import { parseSchedule, wallTime } from './cron.ts';

/** As it is stored; State, Message and LastProbeTime tell of the last execution. */
export interface CronJob {
  Name: string;
  Schedule: string;
  TargetSize: number;
  TimeZone?: string;
  CreateTime: string;
  State: string;
  Message: string;
  LastProbeTime?: string;
}

export interface CronSettings {
  ScaleJobs: CronJob[];
  ExcludeDates: string[];
}

/** As many as a service may have (service/read.ts). */
const MOST = 100;

/** Reads the body of Create- and UpdateServiceCronScaler; throws ApiError for what is missing or wrong. */
export function readCronSettings(body: Config): CronSettings {
  const { ScaleJobs: jobs, ExcludeDates: dates = [] } = body;
  if (jobs === undefined || jobs === null) throw missing('ScaleJobs');
  if (!Array.isArray(jobs) || jobs.length === 0)
    throw invalid('ScaleJobs must be a list of at least one job');
  if (!Array.isArray(dates)) throw invalid('ExcludeDates must be a list of schedules');
  const read = jobs.map(readJob);
  const names = read.map(({ Name }) => Name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`ScaleJobs: two jobs are named ${JSON.stringify(twice)}`);
  return {
    ScaleJobs: read,
    ExcludeDates: dates.map((date, index) => scheduleText(date, `ExcludeDates[${index}]`)),
  };
}

function readJob(job: unknown, index: number): CronJob {
  const where = `ScaleJobs[${index}]`;
  if (!isObject(job)) throw invalid(`${where} must be an object`);
  const { Name, Schedule, TargetSize, TimeZone } = job;
  if (Schedule === undefined || Schedule === null) throw missing(`${where}.Schedule`);
  if (TargetSize === undefined || TargetSize === null) throw missing(`${where}.TargetSize`);
  if (typeof TargetSize !== 'number' || !Number.isInteger(TargetSize) || TargetSize < 0 || TargetSize > MOST)
    throw invalid(
      `${where}.TargetSize must be a whole number from 0 to ${MOST}, not ${JSON.stringify(TargetSize)}`,
    );
  if (Name !== undefined && typeof Name !== 'string') throw invalid(`${where}.Name must be a text`);
  return {
    Name: Name || `scale-jobs-${index}`,
    Schedule: scheduleText(Schedule, `${where}.Schedule`),
    TargetSize,
    ...timeZone(TimeZone, where),
    CreateTime: apiTime(),
    State: 'Submitted',
    Message: '',
  };
}

function scheduleText(value: unknown, where: string): string {
  if (typeof value !== 'string') throw invalid(`${where} must be a schedule of 6 fields`);
  try {
    parseSchedule(value);
    return value;
  } catch (error) {
    throw invalid(`${where}: ${(error as Error).message}`);
  }
}

function timeZone(value: unknown, where: string): { TimeZone?: string } {
  if (value === undefined || value === null || value === '') return {};
  try {
    if (typeof value !== 'string') throw new RangeError();
    wallTime(0, value);
    return { TimeZone: value };
  } catch {
    throw invalid(`${where}.TimeZone ${JSON.stringify(value)} is no time zone, such as Asia/Shanghai`);
  }
}

const missing = (what: string) => new ApiError(400, 'MissingParameter', `${what} is missing`);
