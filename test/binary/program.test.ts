import { describe, expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import pkg from '../../package.json' with { type: 'json' };
import { config, ownBinary } from '../../scripts/build/config.ts';
import { BinaryPlace } from '../support/binary/place.ts';
import { needs } from '../support/needs.ts';

describe('the binary', () => {
  test('prints its version and nothing else', async () => {
    await using place = new BinaryPlace();
    expect(await place.run(['--version'])).toEqual({ code: 0, stdout: `${pkg.version}\n`, stderr: '' });
  });

  test('is no larger than its budget', () => {
    expect(statSync(ownBinary).size).toBeLessThanOrEqual(config.maxBytes);
  });

  test('helps on stdout, and refuses an unknown command on stderr with exit code 2', async () => {
    await using place = new BinaryPlace();
    const help = await place.run(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('showworkers');
    const unknown = await place.run(['creat']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('create');
  });

  test('takes nothing from a .env or bunfig.toml that lies around', async () => {
    await using place = new BinaryPlace();
    await Bun.write(join(place.work, '.env'), 'EAS_ENDPOINT=http://stray.example:1\n');
    await Bun.write(join(place.work, 'bunfig.toml'), 'preload = ["./stray.ts"]\n');
    await Bun.write(join(place.work, 'stray.ts'), 'process.stdout.write("stray code ran\\n");\n');
    const shown = await place.run(['config', 'show']);
    expect(shown.stdout + shown.stderr).not.toContain('stray');
  });

  test('says where it looked when there is no configuration, and ends with 4', async () => {
    await using place = new BinaryPlace();
    const listed = await place.run(['ls']);
    expect(listed).toMatchObject({ code: 4, stdout: '' });
    expect(listed.stderr).toContain('eascmd config');
    expect(listed.stderr).toContain('-e local');
  });

  test('starts without HOME', async () => {
    await using place = new BinaryPlace();
    const shown = await place.run(['-c', join(place.work, 'conf'), 'config', 'show'], {
      env: { HOME: undefined },
    });
    expect(shown.code).not.toBe(70);
    expect(shown.stderr).not.toContain('    at ');
  });

  needs('linux')('ends quietly when its reader goes away', async () => {
    await using place = new BinaryPlace();
    const child = Bun.spawn(['sh', '-c', `"${ownBinary}" --help | head -n 1`], {
      env: place.env(),
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });
});
