import { describe, expect, test } from 'bun:test';
import { partBytesFor, partsOf } from '../../src/cloud/objects/parts.ts';
import { parseObjectUrl } from '../../src/core/object-url.ts';
import { barLine, progressLine, sizeText, timeText } from '../../src/ui/progress-bar.ts';
import { startTransferProgress } from '../../src/ui/transfer-progress.ts';
import { fakeIo } from '../support/fake-io.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

describe('parts', () => {
  test.each([
    [5 * MIB, 4],
    [256 * MIB, 4],
    [300 * MIB, 5],
    [GIB, 8],
    [20 * GIB, 8],
    [100 * GIB, 12],
    [1024 * GIB, 117],
  ])('of %d bytes are %d MiB long, and never too many', (fileBytes, mib) => {
    const partBytes = partBytesFor(fileBytes);
    expect(partBytes).toBe(mib * MIB);
    expect(Math.ceil(fileBytes / partBytes)).toBeLessThanOrEqual(10_000);
  });

  test('cover the file, the last one shorter', () => {
    expect([...partsOf(10, 4)]).toEqual([
      { number: 1, start: 0, sizeBytes: 4 },
      { number: 2, start: 4, sizeBytes: 4 },
      { number: 3, start: 8, sizeBytes: 2 },
    ]);
  });
});

describe('a place in the object store', () => {
  test.each([
    ['oss://my-bucket', 'my-bucket', ''],
    ['oss://my-bucket/', 'my-bucket', ''],
    ['OSS://my-bucket/a/模型 1', 'my-bucket', 'a/模型 1'],
  ])('%s', (text, bucket, key) => expect(parseObjectUrl(text, '--to')).toEqual({ bucket, key }));

  test.each(['my-bucket/a', 'oss://', 'oss://B/a', 'oss://my-bucket//a', 'http://my-bucket/a'])(
    '%s is none',
    (text) => {
      expect(() => parseObjectUrl(text, '--to')).toThrow(`--to "${text}"`);
    },
  );
});

describe('progress', () => {
  test('has units that people read', () => {
    expect([0, 999, 1000, 999_949, 999_950, 1.5e9, 2e12].map(sizeText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '999.9 kB',
      '1.0 MB',
      '1.5 GB',
      '2.0 TB',
    ]);
    expect([timeText(10, 0), timeText(45, 1), timeText(130, 1), timeText(11_100, 1)]).toEqual([
      '',
      '45s',
      '2m10s',
      '3h05m',
    ]);
    expect(progressLine(350e6, 1e9, 10e6)).toBe('35% of 1.0 GB, 10.0 MB/s, 1m05s left');
    expect(barLine(5, 10, 1, 80)).toBe(`[${'='.repeat(15)}${' '.repeat(15)}]  50%  1 B/s  5s left`);
    expect(barLine(5, 10, 1, 30)).toBe('50%  1 B/s  5s left');
  });

  test('off a terminal is a line every five seconds, with the rate of the last ten', async () => {
    const io = fakeIo();
    const progress = startTransferProgress({ io, isLively: false }, 1000e6);
    const file = progress.of('a');
    for (let second = 1; second <= 12; second++) {
      await io.sleep(1000);
      file(second * 10e6, 1000e6, 0);
    }
    progress.stop();
    expect(io.err()).toBe('5% of 1.0 GB, 10.0 MB/s, 1m35s left\n10% of 1.0 GB, 10.0 MB/s, 1m30s left\n');
  });

  test('of what goes on shows the rate of what is sent now', async () => {
    const io = fakeIo();
    const progress = startTransferProgress({ io, isLively: false }, 1000e6);
    const file = progress.of('a');
    for (let second = 1; second <= 5; second++) {
      await io.sleep(1000);
      file(500e6 + second * 10e6, 1000e6, 500e6);
    }
    progress.stop();
    expect(io.err()).toBe('55% of 1.0 GB, 10.0 MB/s, 45s left\n');
  });

  test('of several files is that of all together, on one line of a terminal', async () => {
    const io = fakeIo({ isTty: true });
    const progress = startTransferProgress({ io, isLively: true }, 100);
    progress.of('a')(40, 50, 0);
    await io.sleep(1000);
    progress.of('b')(30, 50, 0);
    progress.stop();
    expect(io.err()).toContain('70%');
    expect(io.err()).not.toContain('\n');
    expect(io.err()).toEndWith('\r\x1b[2K');
  });
});
