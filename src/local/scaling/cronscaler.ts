import { apiTime } from '../clock.ts';
import type { State } from '../state/state.ts';
import type { Resize } from './autoscaler.ts';
import { matches, matchesDate, parseSchedule, type Schedule, wallTime } from './cron.ts';
import type { CronJob, CronSettings } from './cron-settings.ts';

/** After a longer pause (the machine slept) the seconds in between are not made up for. */
const MOST_SECONDS = 120;

/** Resizes services when their jobs are due (openapi.md CreateServiceCronScaler). */
export class CronScaler {
  private lastSecond: number;

  constructor(
    private readonly state: State,
    private readonly resize: Resize,
    nowMs: number,
  ) {
    this.lastSecond = Math.floor(nowMs / 1000);
  }

  tick(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const from = Math.max(this.lastSecond + 1, second - MOST_SECONDS);
    this.lastSecond = Math.max(second, this.lastSecond);
    if (from > second) return;
    for (const { service_id: id, settings } of this.state.scalers.all('cron')) {
      const cron = JSON.parse(settings) as CronSettings;
      for (let at = from; at <= second; at++) {
        const due = cron.ScaleJobs.filter((job) => isDue(job, cron.ExcludeDates, at * 1000));
        for (const job of due) this.execute(id, job, at * 1000);
        if (due.length > 0) this.state.scalers.put(id, 'cron', JSON.stringify(cron));
      }
    }
  }

  private execute(id: string, job: CronJob, atMs: number): void {
    const row = this.state.services.byId(id);
    job.LastProbeTime = apiTime(new Date(atMs));
    if (row?.desired !== 'running') {
      job.State = 'Failed';
      job.Message = `cron hpa job ${job.Name} was not executed: the service is not running`;
      return;
    }
    job.State = 'Succeed';
    job.Message = `cron hpa job ${job.Name} executed successfully. current replicas:${row.instances}, desired replicas:${job.TargetSize}.`;
    if (row.instances !== job.TargetSize) this.resize(row, job.TargetSize, `cron job ${job.Name}`);
  }
}

/** ExcludeDates name days: their time of day says nothing (docs/local-eas.md). */
export function isDue(job: CronJob, excludeDates: string[], atMs: number): boolean {
  const wall = wallTime(atMs, job.TimeZone);
  return (
    matches(scheduleOf(job.Schedule), wall) &&
    !excludeDates.some((date) => matchesDate(scheduleOf(date), wall))
  );
}

const parsed = new Map<string, Schedule>();

function scheduleOf(text: string): Schedule {
  const known = parsed.get(text);
  if (known) return known;
  if (parsed.size > 1000) parsed.clear();
  const schedule = parseSchedule(text);
  parsed.set(text, schedule);
  return schedule;
}
