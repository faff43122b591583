import { afterAll, beforeAll, beforeEach, describe, expect } from 'bun:test';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { ALLSPARK_VERSION } from '../../src/python/allspark.ts';
import { lacks, needs } from '../support/needs.ts';
import { PysdkPlace } from '../support/pysdk-place.ts';

/** Which allspark `pysdk init` puts into an ENV, with a web server in the place of the vendor's. */
const place = new PysdkPlace();
const WHEEL = 'allspark-0.15-py2.py3-none-any.whl';
let asked: string[] = [];
let wheel: 'good' | 'broken' | 'absent' = 'good';
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch({ url }) {
    asked.push(url);
    if (wheel === 'absent') return new Response('not here', { status: 404 });
    return new Response(readFileSync(place.at(wheel, WHEEL)));
  },
});
const url = `${server.url.origin}/sdk/${WHEEL}`;

/** What a wheel is: a zip with the module and what pip wants to know of it. */
const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as z:
    z.writestr("allspark/__init__.py", sys.argv[2])
    z.writestr("allspark-0.15.dist-info/METADATA", "Metadata-Version: 2.1\\nName: allspark\\nVersion: 0.15\\n")
    z.writestr("allspark-0.15.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py2-none-any\\nTag: py3-none-any\\n")
    z.writestr("allspark-0.15.dist-info/RECORD", "")
`;

function makeWheel(folder: string, module: string): void {
  Bun.spawnSync(['mkdir', '-p', place.at(folder)]);
  const { exitCode, stderr } = Bun.spawnSync(['python3', '-c', MAKE_WHEEL, place.at(folder, WHEEL), module]);
  if (exitCode !== 0) throw new Error(stderr.toString());
}

const init = (words: string[], env: Record<string, string> = {}) =>
  place.run(['pysdk', 'init', 'demo', ...words], { env });
const installed = () => globSync('demo/ENV/lib/python*/site-packages/allspark*', { cwd: place.path });

beforeAll(async () => {
  if (lacks('python3')) return;
  makeWheel('good', 'class BaseProcessor(object): pass');
  makeWheel('broken', 'import no_such_resources');
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const version = Bun.spawnSync(['python3', '-c', script]).stdout.toString().trim();
  const made = await init(['--python', version, '--using', 'copy', '--allspark', 'compatible']);
  if (made.code !== 0) throw new Error(made.err);
}, 300_000);
beforeEach(() => {
  asked = [];
  for (const found of installed()) rmSync(place.at(found), { recursive: true });
});
afterAll(async () => {
  await server.stop(true);
  place[Symbol.dispose]();
}, 60_000);

const OURS = `[PYSDK] Installing allspark ${ALLSPARK_VERSION}, a local stand-in for the official one\n`;

describe('the allspark of an ENV', () => {
  needs('python3')(
    'is the official one where it can be had, and stays',
    async () => {
      wheel = 'good';
      const made = await init([], { EAS_ALLSPARK: url });
      expect(made).toMatchObject({ code: 0, err: '' });
      expect(asked.map((each) => new URL(each).pathname)).toEqual([`/sdk/${WHEEL}`]);
      expect(made.out).toContain('[PYSDK] Installing allspark from http://');
      expect(made.out).not.toContain('stand-in');
      expect(installed().some((name) => name.endsWith('allspark-0.15.dist-info'))).toBe(true);
      const again = await init(['-o', 'json'], { EAS_ALLSPARK: '' });
      expect(JSON.parse(again.out)).toMatchObject({ allspark: 'official' });
      expect(asked).toHaveLength(1);
      wheel = 'absent';
      const kept = await init(['--allspark', url]);
      expect(kept.out).not.toContain('stand-in');
      expect(installed().some((name) => name.endsWith('allspark-0.15.dist-info'))).toBe(true);
    },
    400_000,
  );

  needs('python3')(
    'is ours where it can not, or does not work with this Python; the reason is said',
    async () => {
      wheel = 'absent';
      const without = await init([], { EAS_ALLSPARK: url });
      expect(without.code).toBe(0);
      expect(without.out).toMatch(/Installing allspark failed: python ended with exit code 1 \(.*404.*\)/);
      expect(without.out).toContain(OURS);
      for (const found of installed()) rmSync(place.at(found), { recursive: true });
      const nobody = await init([], { EAS_ALLSPARK: '', https_proxy: 'http://127.0.0.1:1' });
      expect(nobody.out).toContain(
        'Installing allspark failed: python ended with exit code 1 (Connection refused)',
      );
      for (const found of installed()) rmSync(place.at(found), { recursive: true });
      wheel = 'broken';
      const broken = await init(['--allspark', url]);
      expect(broken.code).toBe(0);
      expect(broken.out).toMatch(/Importing allspark failed: .*\(.*no_such_resources/);
      expect(broken.out).toContain(OURS);
      expect(installed().filter((name) => name.includes('0.15.dist-info'))).toEqual([]);
    },
    400_000,
  );

  needs('python3')(
    'is ours without asking anybody when told so; a wheel file that does not work is an error',
    async () => {
      const told = await init([], { EAS_ALLSPARK: 'compatible' });
      expect(told.out).toContain(OURS);
      expect(asked).toEqual([]);
      for (const found of installed()) rmSync(place.at(found), { recursive: true });
      const broken = await init(['--allspark', `broken/${WHEEL}`]);
      expect(broken.code).toBe(1);
      expect(broken.err).toContain('Importing allspark failed');
      expect(broken.err).toContain('--allspark compatible');
      expect(existsSync(place.at('demo/ENV/bin/python'))).toBe(true);
    },
    400_000,
  );
});
