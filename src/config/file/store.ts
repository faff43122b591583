import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdir, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EasError, usageError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { parseEndpoint } from '../endpoint.ts';
import { readVariable } from '../environment.ts';
import { type FileValues, parseConfig, updateConfig } from './format.ts';

const FILE_MODE = 0o600;
const DIR_MODE = 0o700;

export interface ConfigPlace {
  path: string;
  /** Whether the user named it; then it has to exist when it is read. */
  isNamed: boolean;
  /** The flag or variable that named it, for error texts. */
  from: string;
}

/** `-c` before EAS_CONFIG before ~/.eas/config; undefined when there is no home directory to look in. */
export function configPlace(host: Host, flag: string | undefined): ConfigPlace | undefined {
  if (flag) return { path: expand(host, flag), isNamed: true, from: '-c' };
  const variable = readVariable(host.env, 'configFile');
  if (variable) return { path: expand(host, variable.value), isNamed: true, from: variable.name };
  if (!host.homeDir) return undefined;
  return { path: join(host.homeDir, '.eas', 'config'), isNamed: false, from: 'default' };
}

/** A quoted `~/` reaches us unexpanded. */
function expand(host: Host, path: string): string {
  const inHome = /^~[/\\]/.test(path) && host.homeDir;
  return inHome ? join(host.homeDir, path.slice(2)) : resolve(host.cwd, path);
}

/**
 * Reads the file; a default file that is absent is empty. A mode that lets others read the secret is repaired.
 * Throws EasError (exit 2) when a named file is absent, or with file:line when it is malformed.
 */
export async function readConfig(
  host: Host,
  place: ConfigPlace | undefined,
): Promise<{ values: FileValues; warnings: string[] }> {
  if (!place) return { values: {}, warnings: [] };
  const text = await readText(place);
  if (text === undefined) return { values: {}, warnings: [] };
  const result = parseConfig(text, place.path);
  result.warnings.push(...(await repairModes(host, place)));
  return result;
}

async function readText(place: ConfigPlace): Promise<string | undefined> {
  try {
    return await readFile(place.path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A home that cannot be looked into holds no configuration; a file the user named has to be there.
    const isAbsent =
      code === 'ENOENT' || code === 'ENOTDIR' || (code === 'EACCES' && !(await exists(place.path)));
    if (isAbsent && !place.isNamed) return undefined;
    throw usageError(
      'ConfigUnreadable',
      isAbsent
        ? `the configuration file ${place.path} (from ${place.from}) does not exist`
        : `cannot read the configuration file ${place.path}: ${reason(error)}`,
      isAbsent ? `Create it with: eascmd -c ${place.path} config -i <id> -k <secret>` : undefined,
    );
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function repairModes(host: Host, place: ConfigPlace): Promise<string[]> {
  if (host.platform === 'win32') return [];
  const warnings: string[] = [];
  const isTooLoose = (mode: number) => (mode & 0o077) !== 0;
  const tighten = async (path: string, mode: number) => {
    if (!isTooLoose((await stat(path)).mode)) return;
    await chmod(path, mode).catch(() => {
      warnings.push(`${path} can be read by others and its mode cannot be changed`);
    });
  };
  await tighten(place.path, FILE_MODE);
  // Only ~/.eas is ours; a file named with -c may stand in a folder shared with other things.
  if (!place.isNamed) await tighten(dirname(place.path), DIR_MODE);
  return warnings;
}

/**
 * Sets values in the configuration file and returns its path. Written beside the file, synced, renamed: a full
 * disk or a crash leaves the file as it was. Modes 0600, folder 0700. Throws EasError (exit 1) when it cannot be.
 */
export async function saveConfig(host: Host, flag: string | undefined, changes: FileValues): Promise<string> {
  if (changes.endpoint) parseEndpoint(changes.endpoint, '-e');
  const place = configPlace(host, flag);
  if (!place)
    throw usageError(
      'NoHome',
      'there is no home directory to keep the configuration in',
      'Set HOME, or name a file: eascmd -c <file> config …',
    );
  try {
    await mkdir(dirname(place.path), { recursive: true, mode: DIR_MODE });
    // A link stays a link: what it points to is replaced.
    const path = await realpath(place.path).catch(() => place.path);
    const existing = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    parseConfig(existing, path);
    await replaceFile(path, updateConfig(existing, changes));
    await repairModes(host, place);
    return place.path;
  } catch (error) {
    if (error instanceof EasError) throw error;
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new EasError({
      code: isFull ? 'DiskFull' : 'ConfigNotSaved',
      message: `cannot save the configuration to ${place.path}: ${reason(error)}`,
      hint: isFull
        ? 'Free some space and run it again; the earlier configuration is unchanged.'
        : 'Choose a place that can be written: eascmd -c <file> config …',
      cause: error,
    });
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await open(temporary, flags, FILE_MODE);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes the rename durable; not every platform can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of the path is not a folder',
  };
  return known[code ?? ''] ?? message;
}
