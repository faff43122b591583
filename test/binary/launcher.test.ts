import { describe, expect } from 'bun:test';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { needs } from '../support/needs.ts';
import { temporaryFolder } from '../support/temporary.ts';

const launcher = resolve(import.meta.dir, '../../bin/eascmd');

/** A tree with the launcher in it, in which the binary and Bun only say who they are. */
function tree(folder: string, parts: { hasBinary: boolean; hasBun: boolean }): string {
  const script = (path: string, says: string, padding = '') => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "${says} $*"\nexit 7\n${padding}`);
    chmodSync(file, 0o755);
  };
  mkdirSync(join(folder, 'bin'));
  cpSync(launcher, join(folder, 'bin/eascmd'));
  if (parts.hasBinary) script('dist/eascmd', 'binary');
  // The real one is never so small, its placeholder is.
  if (parts.hasBun) script('node_modules/bun/bin/bun.exe', 'source', '#'.repeat(1_100_000));
  else script('node_modules/bun/bin/bun.exe', 'placeholder');
  return join(folder, 'bin/eascmd');
}

function run(command: string, env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([command, 'ls', 'a b'], {
    env: { PATH: process.env.PATH, ...env },
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

describe('bin/eascmd', () => {
  needs('linux')('runs the binary when there is one, also through a link from elsewhere', async () => {
    using folder = temporaryFolder();
    const path = tree(folder.path, { hasBinary: true, hasBun: true });
    const link = join(folder.path, 'linked');
    symlinkSync(path, link);
    for (const command of [path, link])
      expect(run(command)).toEqual({ exitCode: 7, stdout: 'binary ls a b\n', stderr: '' });
  });

  needs('linux')('runs the source tree when there is none, or when it is told to', async () => {
    using folder = temporaryFolder();
    const withBoth = tree(folder.path, { hasBinary: true, hasBun: true });
    expect(run(withBoth, { EASCMD_FROM_SOURCE: '1' }).stdout).toMatch(/^source .*\/src\/main\.ts ls a b\n$/);
    using other = temporaryFolder();
    const { exitCode, stdout } = run(tree(other.path, { hasBinary: false, hasBun: true }));
    expect([exitCode, stdout]).toEqual([7, expect.stringMatching(/src\/main\.ts ls a b\n$/)]);
  });

  needs('linux')('says what to do when there is neither', async () => {
    using folder = temporaryFolder();
    const { exitCode, stdout, stderr } = run(tree(folder.path, { hasBinary: false, hasBun: false }));
    expect([exitCode, stdout]).toEqual([70, '']);
    expect(stderr).toContain("run 'npm run build' in ");
  });
});
