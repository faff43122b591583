import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../core/host.ts';

const PREFIX = 'eas-test-';

export interface Scratch extends Disposable {
  path: string;
}

/**
 * The folder that holds everything one `eascmd test` lays on the disk, mode 0700, gone afterwards. What a killed run
 * left is removed by the next one: the name says whose it was.
 */
export function makeScratch(host: Host): Scratch {
  const place = host.env.TMPDIR || tmpdir();
  removeAbandoned(place);
  const path = mkdtempSync(join(place, `${PREFIX}${process.pid}-`));
  return { path, [Symbol.dispose]: () => removeFolder(path) };
}

/** User code may have left folders that can't be written to, or files of another user: then the rest goes. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    Bun.spawnSync(['chmod', '-R', 'u+rwX', path], { stderr: 'ignore' });
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The next run tries again.
    }
  }
}

function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = /^eas-test-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) removeFolder(join(place, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
