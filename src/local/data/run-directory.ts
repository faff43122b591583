import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EasError } from '../../core/errors.ts';

/**
 * An empty folder with mode 0700 for the sockets of a data directory, under the system's temporary folder because
 * socket paths are short. Its name follows from the data directory, so what a killed daemon left is found again.
 */
export function makeRunDirectory(temporaryFolder: string, dataDir: string): string {
  const digest = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 10);
  const owner = process.getuid?.() ?? 0;
  const path = join(temporaryFolder, `eas-${owner}-${digest}`);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && (!found.isDirectory() || (process.platform !== 'win32' && found.uid !== owner)))
    throw new EasError({
      code: 'LocalRunDirectory',
      message: `${path} belongs to someone else; Local EAS needs it for its sockets`,
      hint: 'Remove it, or point TMPDIR to a folder of your own.',
    });
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}
