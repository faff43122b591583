import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (at: string, mib: number) =>
  Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', at]);
const unmount = (at: string) => Bun.spawnSync(['umount', at]);

/** Why no small file system can be made here, or undefined. */
export function lacksMount(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has tmpfs';
  const folder = mkdtempSync(join(tmpdir(), 'eascmd-mount-'));
  try {
    if (!mount(folder, 1).success) return 'no leave to mount a small file system';
    unmount(folder);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file system of its own at the new folder `at`, so that a disk really is full; gone when disposed of. */
export function smallDisk(at: string, mib: number): Disposable & { grow(mib: number): void } {
  mkdirSync(at);
  const mounted = mount(at, mib);
  if (!mounted.success) throw new Error(`mount refused: ${mounted.stderr}`);
  return {
    grow(more) {
      const grown = Bun.spawnSync(['mount', '-o', `remount,size=${more}m`, at]);
      if (!grown.success) throw new Error(`remount refused: ${grown.stderr}`);
    },
    [Symbol.dispose]: () => void unmount(at),
  };
}
