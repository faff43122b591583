import { describe, expect, test } from 'bun:test';
import { LogCursor } from '../../src/core/log-cursor.ts';

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
/** The newest `page` lines of a log of `total`. */
const sight = (total: number, page = 100) => ({ total, lines: lines(Math.max(0, total - page), total) });

describe('a log that grows', () => {
  test('gives each line once', () => {
    const cursor = new LogCursor();
    const taken = [sight(3), sight(3), sight(7), sight(250)].map((look) => cursor.next(look));
    expect(taken.map(({ lines: news }) => news.length)).toEqual([3, 0, 4, 100]);
    expect(taken[2]!.lines).toEqual(lines(3, 7));
    expect(taken[3]).toEqual({ lines: lines(150, 250), missed: 143 });
  });

  test('of one line repeated is counted, not compared', () => {
    const cursor = new LogCursor();
    const same = (total: number) => ({ total, lines: new Array<string>(Math.min(total, 10)).fill('beep') });
    expect([same(4), same(4), same(9)].map((look) => cursor.next(look).lines.length)).toEqual([4, 0, 5]);
  });

  test('that was rotated is compared', () => {
    const cursor = new LogCursor();
    cursor.next(sight(500));
    // The older half is gone; 20 lines are new.
    expect(cursor.next({ total: 270, lines: lines(420, 520) }).lines).toEqual(lines(500, 520));
    expect(cursor.next({ total: 275, lines: lines(425, 525) }).lines).toEqual(lines(520, 525));
  });

  test('that was rotated and has already outgrown what was taken', () => {
    const cursor = new LogCursor();
    cursor.next(sight(50));
    expect(cursor.next({ total: 60, lines: lines(20, 80) }).lines).toEqual(lines(50, 80));
  });

  test('that was begun anew is shown from its start', () => {
    const cursor = new LogCursor();
    cursor.next(sight(50));
    expect(cursor.next({ total: 2, lines: ['hello', 'again'] }).lines).toEqual(['hello', 'again']);
  });
});

test('when the anchor moves, only what is new is given', () => {
  const cursor = new LogCursor();
  cursor.next(sight(500));
  expect(cursor.moved({ total: 40, lines: lines(465, 505) }).lines).toEqual(lines(500, 505));
  expect(cursor.next({ total: 42, lines: lines(465, 507) }).lines).toEqual(lines(505, 507));
});

test('when the anchor moves beyond all that was taken, everything is new', () => {
  const cursor = new LogCursor();
  cursor.next(sight(5));
  expect(cursor.moved({ total: 2, lines: lines(8, 10) }).lines).toEqual(lines(8, 10));
  expect(cursor.moved({ total: 0, lines: [] }).lines).toEqual([]);
});
