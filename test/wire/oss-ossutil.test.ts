import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCESS_KEY, BUCKET, type RunningStore, startObjectStore } from '../support/object-store.ts';
import { findOssutil } from '../support/ossutil.ts';

const scratch = mkdtempSync(join(tmpdir(), 'eascmd-ossutil-'));
const ossutil = await findOssutil(join(scratch, 'build'));
const isAbsent = ossutil.startsWith('skipped:');
if (isAbsent) process.stderr.write(`${ossutil}\n`);

let running: RunningStore;
beforeAll(() => {
  running = startObjectStore();
});
afterAll(async () => {
  await running.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Runs ossutil against the store; standard output, or what it complained about when it failed. */
async function run(args: string[], flags: string[] = []): Promise<{ code: number; text: string }> {
  const key = ['-i', ACCESS_KEY.id, '-k', ACCESS_KEY.secret];
  const child = Bun.spawn(
    [ossutil, ...args, '-e', running.url, ...(flags.includes('-i') ? [] : key), ...flags],
    {
      cwd: scratch,
      env: { PATH: process.env.PATH, HOME: scratch },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    },
  );
  const [out, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, text: out + complaint };
}

const noise = (length: number) =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 17) ^ (index >> 6)));

// proves: upload, download (wire, ossutil)
describe.skipIf(isAbsent).each([
  ['V1', []],
  ['V4', ['--sign-version', 'v4', '--region', 'local']],
])('ossutil signing %s', (name, flags) => {
  const base = `oss://${BUCKET}/${name}`;

  test('uploads, lists, looks at, downloads and removes', async () => {
    const data = noise(3_000_000);
    writeFileSync(join(scratch, 'model.bin'), data);
    const up = await run(['cp', 'model.bin', `${base}/模型 a+b.bin`], flags);
    expect(up).toMatchObject({ code: 0, text: expect.stringContaining('upload 1 files') });
    const parts = await run(
      ['cp', 'model.bin', `${base}/parts.bin`, '--bigfile-threshold', '1000000', '--part-size', '500000'],
      flags,
    );
    expect(parts.code).toBe(0);
    const list = await run(['ls', `${base}/`], flags);
    expect(list.text).toContain(`${base}/模型 a+b.bin`);
    expect(list.text).toContain('Object Number is: 2');
    const stat = await run(['stat', `${base}/parts.bin`], flags);
    expect(stat.text).toMatch(/Content-Length\s+: 3000000/);
    for (const key of ['模型 a+b.bin', 'parts.bin']) {
      expect((await run(['cp', `${base}/${key}`, `${name}.down`, '-f'], flags)).code).toBe(0);
      expect(readFileSync(join(scratch, `${name}.down`)).equals(data)).toBe(true);
    }
    expect((await run(['cp', `${base}/parts.bin`, `${base}/copied.bin`], flags)).code).toBe(0);
    expect((await run(['rm', `${base}/`, '-r', '-f'], flags)).code).toBe(0);
    expect(running.store.listPrefix(BUCKET, `${name}/`)).toEqual([]);
  }, 60_000);

  test('is told about a wrong secret', async () => {
    const refused = await run(['ls', `${base}/`], [...flags, '-i', ACCESS_KEY.id, '-k', 'wrong']);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain('SignatureDoesNotMatch');
  });
});
