import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { lacks, needs } from '../support/needs.ts';
import { smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Local EAS on a disk of 24 MB; the steps build on each other. */
const step = needs('mount', 'python3');
const LIMIT_MS = 120_000;
const FULL = 'The disk that holds the state of Local EAS is full: free some space';

const app = `import allspark


class EchoProcessor(allspark.BaseProcessor):
    def process(self, data):
        return data, 200


EchoProcessor().run()
`;
const description = {
  name: 'echo',
  processor_path: './app.py',
  processor_type: 'python',
  processor_entry: 'app.py',
  metadata: { instance: 1, cpu: 1 },
};

const place = temporaryFolder();
const disk = join(place.path, 'disk');
const filler = join(disk, 'filler');
let mounted: Disposable | undefined;
let local: LiveLocal;
beforeAll(async () => {
  if (lacks('mount')) return;
  mounted = smallDisk(disk, 24);
  local = await liveLocal(['--data-dir', join(disk, 'local')]);
  local.write('app.py', app);
  local.write('echo.json', JSON.stringify(description));
  local.write('other.json', JSON.stringify({ ...description, name: 'other' }));
  local.write('large.json', JSON.stringify({ ...description, name: 'large', model_path: './large.bin' }));
  local.write('large.bin', new Uint8Array(40_000_000));
  local.write('small.bin', new Uint8Array(9_000_000));
}, LIMIT_MS);
afterAll(async () => {
  await local?.run(['local', 'stop'], { env: env() });
  await local?.stop();
  mounted?.[Symbol.dispose]();
  place[Symbol.dispose]();
}, LIMIT_MS);

const env = () => ({ EAS_LOCAL_DATA_DIR: join(disk, 'local') });
const eas = (...argv: string[]) => local.eas(argv, { env: env() });

/** Leaves no room at all. */
function fill(): void {
  for (const bytes of [65_536, 1])
    try {
      for (;;) appendFileSync(filler, new Uint8Array(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
}

describe('a full disk', () => {
  // proves: upload (local)
  step(
    'ends an upload with its reason, and what had arrived makes room again',
    async () => {
      const { code, err } = await eas('upload', 'large.bin');
      expect([code, err]).toEqual([
        1,
        expect.stringContaining('The disk of the local object store is full.'),
      ]);
      while ((await eas('upload', 'small.bin')).code !== 0) await Bun.sleep(500);
    },
    LIMIT_MS,
  );

  step(
    'makes a package fail with its reason, and leaves nothing of it',
    async () => {
      const { code, err } = await eas('create', 'large.json');
      expect([code, err]).toEqual([
        1,
        expect.stringContaining('the disk is full on which packages are unpacked'),
      ]);
      expect((await eas('delete', 'large', '-y')).code).toBe(0);
    },
    LIMIT_MS,
  );

  step(
    'refuses changes, and disturbs no service that runs',
    async () => {
      expect((await eas('create', 'echo.json')).code).toBe(0);
      fill();
      const refused = await eas('create', 'other.json');
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(FULL)]);
      expect((await eas('predict', 'echo', '-d', 'still here')).out).toBe('still here');
      rmSync(filler);
      expect((await eas('create', 'other.json')).code).toBe(0);
    },
    LIMIT_MS,
  );
});
