import { afterAll, describe, expect, test } from 'bun:test';
import { chmodSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { fakeIo } from '../support/fake-io.ts';
import { needs } from '../support/needs.ts';
import { PysdkPlace } from '../support/pysdk-place.ts';
import { hostOf } from '../support/scripted-eas.ts';
import { smallDisk } from '../support/small-disk.ts';

const place = new PysdkPlace();
afterAll(() => place[Symbol.dispose]());

describe('a pack that fails leaves no archive, and the earlier one as it was', () => {
  const only = (name: string) => readdirSync(place.path).filter((entry) => entry.includes(name));

  test('a circle of links', async () => {
    symlinkSync('round', join(place.sham('round'), 'ENV/round'));
    writeFileSync(place.at('round.tar.gz'), 'earlier');
    const ran = await place.run(['pysdk', 'pack', 'round']);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('ENV/round links to round, which leads back to itself');
    expect(only('round').sort()).toEqual(['round', 'round.tar.gz']);
    expect(readFileSync(place.at('round.tar.gz'), 'utf8')).toBe('earlier');
  });

  needs('linux')('a file that may not be read is named', async () => {
    const folder = place.sham('secret');
    writeFileSync(join(folder, 'ENV/key.pem'), 'x', { mode: 0 });
    chmodSync(place.path, 0o777);
    const ran = await asNobody(['pysdk', 'pack', folder]);
    expect(ran).toContain("Can't read ENV/key.pem: permission denied");
    expect(only('secret')).toEqual(['secret']);
  });

  needs('mount')('a full disk', async () => {
    using _mounted = smallDisk(place.at('disk'), 4);
    const folder = place.sham('disk/full');
    writeFileSync(join(folder, 'noise'), Buffer.concat(Array.from({ length: 40 }, noise)));
    writeFileSync(place.at('disk/full.tar.gz'), 'earlier');
    const ran = await place.run(['pysdk', 'pack', folder]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(`Can't write ${folder}.tar.gz: the disk is full`);
    expect(readdirSync(place.at('disk')).sort()).toEqual(['full', 'full.tar.gz']);
    expect(readFileSync(place.at('disk/full.tar.gz'), 'utf8')).toBe('earlier');
  });

  needs('linux')('a file that is as large as files may be', async () => {
    const folder = place.sham('full');
    writeFileSync(join(folder, 'random'), crypto.getRandomValues(new Uint8Array(65_536)));
    for (let size = 0; size < 6; size++)
      writeFileSync(join(folder, `random${size}`), Buffer.concat(Array.from({ length: 16 }, noise)));
    const program = [process.execPath, join(import.meta.dir, '../../src/main.ts'), 'pysdk', 'pack', folder];
    const { stderr } = Bun.spawnSync(['bash', '-c', `trap '' XFSZ; ulimit -f 1024; "$@"`, '-', ...program], {
      env: { PATH: process.env.PATH, HOME: place.path },
    });
    expect(stderr.toString()).toContain(`Can't write ${place.at('full.tar.gz')}: it would be larger`);
    expect(only('full')).toEqual(['full']);
  });

  test('an interrupt', async () => {
    const folder = place.sham('cut');
    for (let size = 0; size < 20; size++)
      writeFileSync(join(folder, `random${size}`), Buffer.concat(Array.from({ length: 16 }, noise)));
    const io = fakeIo({ stdin: '', isRealTime: true });
    const host = hostOf(['pysdk', 'pack', 'cut'], { homeDir: place.path, cwd: place.path, env: {} });
    const running = runCli(host, io);
    while (!only('cut').some((name) => name.startsWith('.'))) await Bun.sleep(1);
    io.signal('SIGINT');
    expect(await running).toBe(130);
    expect(only('cut')).toEqual(['cut']);
  });
});

function noise(): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(65_536)));
}

/** Permissions bind only those who aren't root. */
async function asNobody(argv: string[]): Promise<string> {
  if (process.getuid?.() !== 0) return (await place.run(argv)).err;
  process.seteuid!(65_534);
  try {
    return (await place.run(argv)).err;
  } finally {
    process.seteuid!(0);
  }
}
