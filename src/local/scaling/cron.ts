/** A 6-field schedule, each field as the set of values that match. */
export interface Schedule {
  seconds: Set<number>;
  minutes: Set<number>;
  hours: Set<number>;
  days: Set<number>;
  months: Set<number>;
  weekdays: Set<number>;
  /** `*` in both day fields means every day; one that is given decides; of two given ones either will do. */
  isDayGiven: boolean;
  isWeekdayGiven: boolean;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** Reads `sec min hour dom month dow` (openapi.md CreateServiceCronScaler); throws Error saying what is wrong. */
export function parseSchedule(text: string): Schedule {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`"${text}" is not a schedule of 6 fields`);
  const [second, minute, hour, day, month, weekday] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    seconds: parseField(second, 0, 59),
    minutes: parseField(minute, 0, 59),
    hours: parseField(hour, 0, 23),
    days: parseField(day, 1, 31),
    months: parseField(month, 1, 12, MONTHS),
    weekdays: parseField(weekday, 0, 6, WEEKDAYS),
    isDayGiven: !day.startsWith('*'),
    isWeekdayGiven: !weekday.startsWith('*'),
  };
}

function parseField(text: string, least: number, most: number, names: string[] = []): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw new Error(`"${part}" is not a value, range or step`);
    const [, from, to, every] = match;
    const first = from === undefined ? least : parseValue(from, least, most, names);
    const open = from === undefined || every !== undefined;
    const last = to !== undefined ? parseValue(to, least, most, names) : open ? most : first;
    const step = Number(every ?? 1);
    if (first > last || step < 1) throw new Error(`"${part}" matches nothing`);
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

function parseValue(text: string, least: number, most: number, names: string[]): number {
  const at = names.indexOf(text.toUpperCase());
  if (at >= 0) return at + least;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new Error(`"${text}" is not between ${least} and ${most}`);
  return value;
}

/** What a clock on the wall shows. */
export interface WallTime {
  second: number;
  minute: number;
  hour: number;
  day: number;
  month: number;
  weekday: number;
}

/** The date alone: a schedule whose time of day doesn't matter. */
export function matchesDate(schedule: Schedule, wall: WallTime): boolean {
  if (!schedule.months.has(wall.month)) return false;
  const day = schedule.days.has(wall.day);
  const weekday = schedule.weekdays.has(wall.weekday);
  return schedule.isDayGiven && schedule.isWeekdayGiven ? day || weekday : day && weekday;
}

export function matches(schedule: Schedule, wall: WallTime): boolean {
  return (
    schedule.seconds.has(wall.second) &&
    schedule.minutes.has(wall.minute) &&
    schedule.hours.has(wall.hour) &&
    matchesDate(schedule, wall)
  );
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a time zone (IANA name); undefined is the machine's own zone. Throws RangeError for no zone. */
export function wallTime(atMs: number, timeZone?: string): WallTime {
  const key = timeZone ?? '';
  let clock = clocks.get(key);
  if (!clock) {
    const digits = 'numeric';
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
    clocks.set(key, clock);
  }
  const parts = new Map(clock.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  return {
    second: number('second'),
    minute: number('minute'),
    hour: number('hour'),
    day: number('day'),
    month: number('month'),
    weekday: WEEKDAYS.indexOf(parts.get('weekday')!.toUpperCase()),
  };
}
