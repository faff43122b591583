import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Reserve } from '../../src/local/objects/index/reserve.ts';
import { temporaryFolder } from '../support/temporary.ts';

const full = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });

test('the reserve is given up for a change that finds no room, and for no other failure', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'reserve');
  const reserve = new Reserve(path);
  const wrong = new Error('no such table');
  expect(() =>
    reserve.spend(() => {
      throw wrong;
    }),
  ).toThrow(wrong);
  expect(existsSync(path)).toBe(true);

  let tries = 0;
  reserve.spend(() => {
    tries++;
    if (existsSync(path)) throw full();
  });
  expect([tries, existsSync(path)]).toEqual([2, false]);
  reserve.close();
});
