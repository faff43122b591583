import { expect, test } from 'bun:test';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InstanceLog } from '../../src/worker/supervisor/log.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

test('a log is never more than two files of the limit, and knows its last lines', () => {
  const folder = temporaryFolder();
  const log = new InstanceLog(join(folder, 'i.log'), 10_000);
  for (let line = 0; line < 2000; line++) log.output(Buffer.from(`line ${line} ${'x'.repeat(40)}\n`));
  log.output(Buffer.from('the last, not yet ended'));
  expect(log.lastLines(2)).toEqual([`line 1999 ${'x'.repeat(40)}`, 'the last, not yet ended']);
  log.begin();
  expect(log.lastLines(2)).toEqual([]);
  log.close();
  expect(readdirSync(folder).sort()).toEqual(['i.log', 'i.log.1', 'i.log.1.marks', 'i.log.marks']);
  for (const name of readdirSync(folder))
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(10_000);
});

test('__prepare speaks in JSON lines and ends with 0 after done, 1 after error', async () => {
  const folder = writeFiles(temporaryFolder(), { 'app.py': '' });
  const run = async (entry: string) => {
    const child = Bun.spawn([process.execPath, resolve(import.meta.dir, '../../src/main.ts'), '__prepare'], {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const file = join(folder, 'app.py');
    const processor = { location: file, name: 'app.py', shown: file };
    const spec = { workspace: join(folder, 'ws'), processor, processorEntry: entry, maxUnpackedBytes: 1e9 };
    child.stdin.write(JSON.stringify(spec));
    child.stdin.end();
    const lines = (await new Response(child.stdout).text()).trim().split('\n');
    return [await child.exited, JSON.parse(lines.at(-1)!)];
  };
  expect(await run('none.py')).toEqual([
    1,
    expect.objectContaining({ type: 'error', code: 'ProcessorEntryNotFound' }),
  ]);
  expect(await run('app.py')).toEqual([0, { type: 'done', modelBytes: 0, processorBytes: 0 }]);
});
