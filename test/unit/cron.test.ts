import { describe, expect, test } from 'bun:test';
import { cronProblem } from '../../src/core/scaling/cron.ts';
import { readCronscaler } from '../../src/core/scaling/cronscaler.ts';
import { matches, parseSchedule, wallTime } from '../../src/local/scaling/cron.ts';
import { isDue } from '../../src/local/scaling/cronscaler.ts';

const legal = [
  '0 15,45 * * * *',
  '* * * * * 6,0',
  '0 0 9 1-5 JAN,DEC MON-FRI',
  '*/10 0-30/5 8,20 * */2 sun',
  '59 59 23 31 12 6',
  '0 5/15 * * * *',
];
/** Expression, offset of the mistake, what is said. */
const wrong: [string, number, string][] = [
  ['', 0, '0 fields'],
  ['0 15 * * *', 0, '5 fields'],
  ['0 15 * * * * *', 0, '7 fields'],
  ['60 * * * * *', 0, 'second: "60" is not a number from 0 to 59'],
  ['0 15,60 * * * *', 5, 'minute: "60"'],
  ['0 0 24 * * *', 4, 'hour: "24"'],
  ['0 0 0 0 * *', 6, 'day of month: "0"'],
  ['0 0 0 * 13 *', 8, 'month: "13"'],
  ['0 0 0 * JANU *', 8, 'one of JAN, FEB'],
  ['0 0 0 * * 7', 10, 'day of week: "7" is not a number from 0 to 6'],
  ['0 0 0 * * MONDAY', 10, 'SUN, MON'],
  ['0 0 */0 * * *', 4, 'the step "0"'],
  ['0 0 9-8 * * *', 4, 'runs backwards'],
  ['0 0 1-2-3 * * *', 4, 'is not a range'],
  ['0 0 1/2/3 * * *', 4, 'more than one "/"'],
  ['0 0 1,,2 * * *', 6, 'hour: ""'],
  ['0 0 ? * * *', 4, 'hour: "?"'],
  ['0 0 -1 * * *', 4, 'hour: ""'],
];

describe('schedules, checked by the client and by Local EAS in their own ways', () => {
  test.each(legal.map((text) => [text]))('%s is legal', (text) => {
    expect(cronProblem(text)).toBeUndefined();
    expect(() => parseSchedule(text)).not.toThrow();
  });

  test.each(wrong)('%p is wrong at %d', (text, at, what) => {
    const problem = cronProblem(text);
    expect(problem?.at).toBe(at);
    expect(problem?.what).toContain(what);
    expect(() => parseSchedule(text)).toThrow();
  });
});

describe('when a schedule matches', () => {
  const at = (text: string) => wallTime(Date.parse(text), 'UTC');
  test.each([
    ['0 15,45 * * * *', '2026-11-22T09:15:00Z', true],
    ['0 15,45 * * * *', '2026-11-22T09:15:01Z', false],
    ['0 15,45 * * * *', '2026-11-22T09:30:00Z', false],
    ['* * * * * 6,0', '2026-11-22T09:15:00Z', true],
    ['* * * * * 6,0', '2026-11-23T09:15:00Z', false],
    ['0 0 0 * * MON', '2026-11-23T00:00:00Z', true],
    ['0 0 0 22 NOV *', '2026-11-22T00:00:00Z', true],
    ['0 0 0 22 DEC *', '2026-11-22T00:00:00Z', false],
    ['*/20 * * * * *', '2026-11-22T00:00:40Z', true],
    ['*/20 * * * * *', '2026-11-22T00:00:50Z', false],
    ['0 5/15 * * * *', '2026-11-22T00:35:00Z', true],
    ['0 0 0 1 * MON', '2026-11-23T00:00:00Z', true],
    ['0 0 0 1 * MON', '2026-12-01T00:00:00Z', true],
    ['0 0 0 1 * MON', '2026-12-02T00:00:00Z', false],
    ['0 0 24 * * *'.replace('24', '0'), '2026-11-22T00:00:00Z', true],
  ])('%s at %s: %p', (text, when, result) => {
    expect(matches(parseSchedule(text), at(when))).toBe(result);
  });

  test('the wall clock is that of the zone', () => {
    const job = { Schedule: '0 0 1 23 * *', TimeZone: 'Asia/Shanghai' } as Parameters<typeof isDue>[0];
    expect(isDue(job, [], Date.parse('2026-11-22T17:00:00Z'))).toBe(true);
    expect(isDue(job, [], Date.parse('2026-11-23T01:00:00Z'))).toBe(false);
    const dates = ['0 0 0 23 11 *'];
    expect(isDue(job, dates, Date.parse('2026-11-22T17:00:00Z'))).toBe(false);
  });
});

describe('cronscale.json', () => {
  test('the sample of eascmd.md 3.7 is taken as it is', () => {
    const sample = {
      ExcludeDates: ['* * * * * 6,0'],
      ScaleJobs: [
        { Schedule: '0 15,45 * * * *', TargetSize: 6 },
        { Name: 'down', Schedule: '0 0,30 * * * *', TargetSize: 0, TimeZone: 'Asia/Shanghai' },
      ],
    };
    expect(readCronscaler(JSON.stringify(sample), 'cron.json')).toEqual(sample);
  });

  const job = '{"Schedule": "0 0 0 * * *", "TargetSize": 1}';
  test.each([
    ['[]', 'cron.json:1:1', 'this file holds an object'],
    ['{}', 'cron.json:1:1', 'the field "ScaleJobs" is missing'],
    ['{"ScaleJobs": {}}', 'cron.json:1:15', 'must be a list'],
    ['{"ScaleJobs": []}', 'cron.json:1:15', 'ScaleJobs is empty'],
    ['{"ScaleJobs": ["x"]}', 'cron.json:1:16', 'ScaleJobs[0] must be an object'],
    ['{"scaleJobs": []}', 'cron.json:1:2', 'unknown field "scaleJobs"'],
    [`{"ScaleJobs": [${job}],\n "ExcludeDate": []}`, 'cron.json:2:2', 'unknown field "ExcludeDate"'],
    [`{"ScaleJobs": [${job}],\n "ExcludeDates": "x"}`, 'cron.json:2:18', 'a list of strings'],
    [`{"ScaleJobs": [${job}],\n "ExcludeDates": ["* * * * 6,0"]}`, 'cron.json:2:20', 'this one has 5 fields'],
    ['{"ScaleJobs": [{"TargetSize": 1}]}', 'cron.json:1:16', 'ScaleJobs[0].Schedule" is missing'],
    ['{"ScaleJobs": [{"Schedule": "* * * * * *"}]}', 'cron.json:1:16', 'TargetSize" is missing'],
    ['{"ScaleJobs": [\n{"Schedule": "0 60 * * * *", "TargetSize": 1}]}', 'cron.json:2:17', 'minute: "60"'],
    ['{"ScaleJobs": [{"Schedule": 5, "TargetSize": 1}]}', 'cron.json:1:29', 'text in double quotes'],
    ['{"ScaleJobs": [{"Schedule": "* * * * * *", "TargetSize": -1}]}', 'cron.json:1:58', 'from 0 to 1000'],
    ['{"ScaleJobs": [{"Schedule": "* * * * * *", "TargetSize": "2"}]}', 'cron.json:1:58', 'a whole number'],
    [`{"ScaleJobs": [${job.replace('}', ', "TimeZone": "Mars/North"}')}]}`, 'cron.json:1:', 'no time zone'],
    [
      `{"ScaleJobs": [${job.replace('{', '{"Name": "a", ')}, ${job.replace('{', '{"Name": "a", ')}]}`,
      'cron.json:1:',
      'two jobs are named "a"',
    ],
    ['{"ScaleJobs": [', 'cron.json:1:16', 'the file ends before'],
  ])('%j is refused at its place', (text, place, what) => {
    let message = '';
    try {
      readCronscaler(text, 'cron.json');
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toStartWith(place);
    expect(message).toContain(what);
  });
});
