import { expect, test } from 'bun:test';
import { parseMoment, requestTime } from '../../src/core/wait/moment.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

test.each([
  ['10m', now - 600_000],
  ['1h30m', now - 5_400_000],
  ['45', now - 45_000],
  ['2026-11-22T08:30:00Z', Date.parse('2026-11-22T08:30:00Z')],
  ['2026-11-22T08:30:00+08:00', Date.parse('2026-11-22T00:30:00Z')],
  ['2026-11-22 08:30:00', new Date(2026, 10, 22, 8, 30).getTime()],
  ['2026-11-22', new Date(2026, 10, 22).getTime()],
])('%s', (text, expected) => {
  expect(parseMoment(text, '--since', now)).toBe(expected);
});

test.each(['yesterday', '10 m', '2026-13-01', '2026-11-22 25:00:00', '22/11/2026', ''])(
  '%p is none',
  (text) => {
    expect(() => parseMoment(text, '--since', now)).toThrow(`--since ${JSON.stringify(text)} is neither`);
  },
);

test('requests carry UTC', () => {
  expect(requestTime(Date.parse('2026-11-22T08:30:00.900+08:00'))).toBe('2026-11-22 00:30:00');
});
