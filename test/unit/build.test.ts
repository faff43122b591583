import { expect, test } from 'bun:test';
import { undiciParts } from '../../scripts/build/slim.ts';
import { deserveSecondLook, failedFiles } from '../../scripts/suite/second-look.ts';
import { readSummary } from '../../scripts/suite/summary.ts';

test('the binary carries the parts of undici that the source imports, and no others', async () => {
  const names = new Set<string>();
  for (const path of new Bun.Glob('src/cloud/**/*.ts').scanSync(`${import.meta.dir}/../..`)) {
    const text = await Bun.file(`${import.meta.dir}/../../${path}`).text();
    for (const [, list] of text.matchAll(/const \{ ([^}]+) \} = await import\('undici\/index\.js'\)/g))
      for (const name of list!.split(',')) names.add(name.trim());
  }
  expect([...names].sort()).toEqual(Object.keys(undiciParts).sort());
});

test.each([
  { output: ' 12 pass\n 0 fail\n', code: 0, tally: { passed: 12, failed: 0, skipped: 0 } },
  { output: ' 3 pass\n 2 skip\n 1 todo\n 0 fail\n', code: 0, tally: { passed: 3, failed: 0, skipped: 3 } },
  { output: ' 1 pass\n 3 fail\n 1 error\n', code: 1, tally: { passed: 1, failed: 4, skipped: 0 } },
  { output: ' 5 pass\n 0 fail\n', code: 139, tally: { passed: 5, failed: 1, skipped: 0 } },
  { output: '', code: 1, tally: { passed: 0, failed: 1, skipped: 0 } },
  { output: '\x1b[32m 4 pass\x1b[0m\n 0 fail\n', code: 0, tally: { passed: 4, failed: 0, skipped: 0 } },
])('the closing counts of bun test are read: $tally', ({ output, code, tally }) => {
  expect(readSummary(output, code)).toEqual(tally);
});

const report = (...files: [string, number][]) =>
  files
    .map(
      ([path, failures]) =>
        `<testsuite name="${path}" file="${path}"><testcase name="fine" file="${path}" line="1" />
        ${'<testcase name="a &amp; b" classname="x" file="PATH"><failure type="AssertionError"/></testcase>'.replace('PATH', path).repeat(failures)}
        <testcase name="left" file="${path}"><skipped /></testcase></testsuite>`,
    )
    .join('');

test('the files with failed tests are read from the report', () => {
  expect(failedFiles(report(['test/a.test.ts', 2], ['test/b.test.ts', 0]))).toEqual([
    { path: 'test/a.test.ts', tests: ['a & b', 'a & b'] },
  ]);
});

test.each([
  { files: [], failed: 0, again: false },
  { files: [['a', 2]], failed: 2, again: true },
  { files: [['a', 1]], failed: 2, again: false },
  { files: [], failed: 1, again: false },
  {
    files: [
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['d', 1],
    ],
    failed: 4,
    again: false,
  },
] as { files: [string, number][]; failed: number; again: boolean }[])(
  'a second look: $files of $failed: $again',
  ({ files, failed, again }) => {
    expect(deserveSecondLook(failedFiles(report(...files)), failed)).toBe(again);
  },
);
