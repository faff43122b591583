import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { EasError } from '../../core/errors.ts';
import { writeAtomically } from './atomic.ts';

/** The one key pair of a Local EAS; made at its first start. */
export interface LocalCredentials {
  accessKeyId: string;
  accessKeySecret: string;
  /** 16 digits, as account ids of the cloud. */
  uid: string;
}

/** Undefined when there is no file yet; EasError when there is one that can't be understood. */
export function readCredentials(path: string): LocalCredentials | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, error);
  }
  try {
    const { accessKeyId, accessKeySecret, uid } = JSON.parse(text) as Record<string, unknown>;
    if (typeof accessKeyId !== 'string' || typeof accessKeySecret !== 'string' || typeof uid !== 'string')
      throw new Error('accessKeyId, accessKeySecret and uid are expected');
    return { accessKeyId, accessKeySecret, uid };
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Reads the credentials, or generates them once with mode 0600. */
export function ensureCredentials(path: string): LocalCredentials {
  const known = readCredentials(path);
  if (known) {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    return known;
  }
  const fresh: LocalCredentials = {
    accessKeyId: `LOCAL${randomText(19)}`,
    accessKeySecret: randomText(30),
    uid: `1${Array.from({ length: 15 }, () => randomInt(10)).join('')}`,
  };
  writeAtomically(path, `${JSON.stringify(fresh, null, 2)}\n`, 0o600);
  return fresh;
}

function randomText(length: number): string {
  let text = '';
  while (text.length < length) text += randomBytes(32).toString('base64').replace(/[+/=]/g, '');
  return text.slice(0, length);
}

function unusable(path: string, cause: unknown): EasError {
  return new EasError({
    code: 'LocalCredentials',
    message: `${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Repair or remove that file; Local EAS generates new credentials at its next start.',
    cause,
  });
}
