import { expect, test } from 'bun:test';
import type { Context } from '../../src/cli/context.ts';
import { Pulling } from '../../src/commands/test/pulling.ts';
import { type FakeIo, fakeIo } from '../support/fake-io.ts';

function pulling(io: FakeIo, isLively: boolean): Pulling {
  const say = (...lines: string[]) => {
    for (const line of lines) io.stdout.write(`${line}\n`);
  };
  return new Pulling({ io, isLively, say } as unknown as Context);
}

const ERASE = '\r\x1b[2K';

test('an image that is fetched has a bar on a terminal, which is gone afterwards', () => {
  const io = fakeIo({ isTty: true });
  const shown = pulling(io, true);
  shown.update({ image: 'worker:1', doneBytes: 0, totalBytes: 0 });
  shown.update({ image: 'worker:1', doneBytes: 50e6, totalBytes: 100e6 });
  expect(io.err()).toContain('  50%');
  shown.done();
  expect(io.err()).toEndWith(ERASE);
  shown.update({ image: 'data:1', doneBytes: 0, totalBytes: 0 });
  shown.done();
  expect(io.out().split('\n')).toEqual([
    '[OK] Pulling image: worker:1',
    '[OK] Pull image done',
    '[OK] Pulling image: data:1',
    '[OK] Pull image done',
    '',
  ]);
});

test('without a size it is counted, and off a terminal nothing moves', () => {
  const io = fakeIo({ isTty: true });
  const counted = pulling(io, true);
  counted.update({ image: 'i', doneBytes: 1.5e6, totalBytes: 0 });
  counted.stop();
  expect(io.err()).toBe(`${ERASE}1.5 MB${ERASE}`);
  const plain = fakeIo();
  const quiet = pulling(plain, false);
  quiet.update({ image: 'i', doneBytes: 50, totalBytes: 100 });
  quiet.done();
  expect(plain.err()).toBe('');
});
