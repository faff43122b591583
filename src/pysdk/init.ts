import { existsSync, mkdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EasError, usageError } from '../core/errors.ts';
import { COMPATIBLE, provideAllspark } from './allspark.ts';
import { isVersion } from './environment/interpreters.ts';
import type { Maker, Tooling } from './environment/maker.ts';
import { Packages } from './packages.ts';
import { APP_JSON, APP_PY } from './template/files.ts';

export interface InitOptions {
  /** Absolute path of the project. */
  folder: string;
  /** Asked for only when an ENV has to be made. */
  version: () => Promise<string>;
  /** The version was named, so that an ENV with another one is a mistake. */
  demanded: string | undefined;
  /** Absolute path. */
  requirements: string | undefined;
  /** File or URL of the official wheel, or COMPATIBLE; undefined: the official one where it can be had. */
  allspark: string | undefined;
  makers: Maker[];
  tooling: Tooling;
  homeDir: string;
  platform: NodeJS.Platform;
  /** Told what is going on, one line each. */
  say: (line: string) => void;
}

export interface Initialized {
  folder: string;
  python: string;
  madeWith: Maker['name'] | undefined;
  allspark: string;
  created: string[];
}

/**
 * Makes what of a project isn't there yet: ENV, allspark in it, app.py and app.json (eascmd.md 2.15). An ENV that
 * could not be finished is removed; what the user has is never overwritten.
 */
export async function initProject(options: InitOptions): Promise<Initialized> {
  const { folder, say } = options;
  const hadFolder = existsSync(folder);
  if (hadFolder && !statSync(folder).isDirectory())
    throw usageError('NotAFolder', `${folder} is a file`, 'name a folder that is there, or a new one');
  mkdirSync(folder, { recursive: true });
  const env = join(folder, 'ENV');
  const unfinished = join(folder, '.ENV.unfinished');
  removeLeftovers(env, unfinished);
  const packages = new Packages(env, options.tooling);
  const hadEnv = existsSync(env);
  try {
    if (!hadEnv)
      writeFileSync(unfinished, 'eascmd pysdk init is at work here, or was ended in the middle of it\n');
    const madeWith = hadEnv ? undefined : await makeEnvironment(options, env);
    const python = await checkedVersion(packages, options.demanded, hadEnv);
    if (hadEnv) say(`[PYSDK] Keeping ENV: Python ${python}`);
    const hasPip = await providePip(options, packages);
    const allspark = await provideAllspark(packages, { asked: options.allspark, hasPip, say });
    await installRequirements(options, packages);
    say('[PYSDK] Compiling what ENV holds');
    await packages.compile();
    rmSync(unfinished, { force: true });
    const created = [...(hadEnv ? [] : ['ENV']), ...installExamples(folder, say)];
    return { folder, python, madeWith, allspark, created };
  } catch (error) {
    removeLeftovers(env, unfinished);
    if (!hadFolder) removeIfEmpty(folder);
    throw error;
  }
}

/** The mark stands beside an ENV until that is whole. */
function removeLeftovers(env: string, unfinished: string): void {
  if (!existsSync(unfinished)) return;
  rmSync(env, { recursive: true, force: true });
  rmSync(unfinished, { force: true });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // The user has put something there meanwhile.
  }
}

async function makeEnvironment(options: InitOptions, env: string): Promise<Maker['name']> {
  const { makers, tooling, homeDir, platform, say } = options;
  const version = await options.version();
  for (const [index, maker] of makers.entries()) {
    say(`[PYSDK] Creating ENV with ${maker.name} (${maker.reason}): Python ${version}`);
    try {
      await maker.make({ env, version, tooling, homeDir, platform });
      return maker.name;
    } catch (error) {
      rmSync(env, { recursive: true, force: true });
      const next = makers[index + 1];
      if (!(error instanceof EasError) || !next || tooling.signal.aborted) throw error;
      const last = error.detail.at(-1);
      say(`[PYSDK] ${error.message}${last ? ` (${last.trim()})` : ''}; trying ${next.name}`);
    }
  }
  throw usageError(
    'NoTool',
    'There is no tool to make an environment with',
    'install uv, micromamba or conda',
  );
}

async function checkedVersion(
  packages: Packages,
  demanded: string | undefined,
  hadEnv: boolean,
): Promise<string> {
  const version = await packages.version();
  if (!hadEnv || !demanded || isVersion(version, demanded)) return version;
  throw usageError(
    'OtherPythonVersion',
    `ENV is there already with Python ${version}, not ${demanded}`,
    'remove ENV to make it anew, or leave --python out',
  );
}

/** Whether there is one; its absence matters only when something has to be installed. */
async function providePip(
  { allspark, requirements, say }: InitOptions,
  packages: Packages,
): Promise<boolean> {
  try {
    await packages.ensurePip();
    return true;
  } catch (error) {
    const isNeeded = (allspark ?? COMPATIBLE) !== COMPATIBLE || requirements !== undefined;
    if (!(error instanceof EasError) || isNeeded) throw error;
    say(`[PYSDK] ENV has no pip: ${error.hint}`);
    return false;
  }
}

async function installRequirements({ requirements, say }: InitOptions, packages: Packages): Promise<void> {
  if (requirements === undefined) return;
  say(`[PYSDK] Installing ${requirements}`);
  const hint =
    'correct the file or the address of the package index (PIP_INDEX_URL), then run the same command again';
  await packages.install(['-r', requirements], `Installing ${requirements}`, hint);
}

/** Returns the names of those that were not there yet. */
function installExamples(folder: string, say: (line: string) => void): string[] {
  const examples = [
    ['app.py', APP_PY, 'processor'],
    ['app.json', APP_JSON, 'service'],
  ] as const;
  return examples.flatMap(([name, text, noun]) => {
    try {
      writeFileSync(join(folder, name), text, { flag: 'wx' });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      say(`[PYSDK] Keeping your ${name}`);
      return [];
    }
    say(`[PYSDK] Installing python ${noun} example ${name}`);
    return [name];
  });
}
