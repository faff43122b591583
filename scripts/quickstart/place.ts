import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { ownBinary, root } from '../build/config.ts';

/** A throw-away home with the binary on its PATH and a copy of the example to work in. */
export interface Place {
  folder: string;
  home: string;
  work: string;
  binary: string;
  env: Record<string, string>;
}

/** Variables that would point the story at somebody's account; the rest of src/config/environment.ts is welcome. */
const foreign = /^(EAS_(?!PYTHON$)|ALIBABA_CLOUD_)/;

export function makePlace(): Place {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'eascmd-story-'));
  const [home, work, bin] = ['home', 'digits', 'bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [home, bin]) mkdirSync(path);
  cpSync(join(root, 'examples', 'digits'), work, { recursive: true });
  const binary = join(bin, basename(ownBinary));
  linkOrCopy(ownBinary, binary);
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
  );
  const env = Object.fromEntries(inherited);
  return {
    folder,
    home,
    work,
    binary,
    env: { ...env, HOME: home, USERPROFILE: home, PATH: `${bin}${delimiter}${env.PATH ?? ''}` },
  };
}

/** Throws when something of it stays. */
export function removePlace({ folder }: Place): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  if (existsSync(folder)) throw new Error(`${folder} could not be removed`);
}

/** A hard link costs nothing, and a later build leaves it alone; another file system gets a copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
