import { EasError } from '../core/errors.ts';
import type { Credentials } from '../core/target.ts';
import { readCredentials } from './data/credentials.ts';
import { dataPaths } from './data/directory.ts';
import { type LocalInfo, readDaemonFile } from './info.ts';
import { isAlive, isAtWork } from './process/identity.ts';
import { fetchStatus } from './server/status.ts';

export type { LocalInfo } from './info.ts';

const ANSWER_TIMEOUT_MS = 2000;

/** The Local EAS of that data directory, if it runs and answers. */
export async function readLocal(dataDir: string): Promise<LocalInfo | undefined> {
  const file = readDaemonFile(dataPaths(dataDir).daemon);
  if (!file) return undefined;
  const info = await fetchStatus(file.info.apiUrl, ANSWER_TIMEOUT_MS);
  return info?.pid === file.info.pid && info.dataDir === file.info.dataDir ? info : undefined;
}

/** The same for whoever asks it something else next: where the kernel shows it at work, that is not asked first. */
export async function findLocal(dataDir: string): Promise<LocalInfo | undefined> {
  const file = readDaemonFile(dataPaths(dataDir).daemon);
  if (file?.started && isAtWork({ pid: file.info.pid, started: file.started })) return file.info;
  return file && readLocal(dataDir);
}

/** Why nobody answers although its daemon lives (stopped by a signal, a disk that hangs); undefined when it doesn't. */
export function silent(dataDir: string): EasError | undefined {
  const file = readDaemonFile(dataPaths(dataDir).daemon);
  if (!file?.started || !isAlive({ pid: file.info.pid, started: file.started })) return undefined;
  return new EasError({
    code: 'LocalNotAnswering',
    message: `Local EAS (pid ${file.info.pid}, data directory ${dataDir}) is running but does not answer`,
    hint: 'eascmd local logs may tell why; eascmd local stop ends it, by force when it has to',
  });
}

/** The key pair of that Local EAS; undefined before its first start. */
export async function readLocalCredentials(dataDir: string): Promise<Credentials | undefined> {
  const known = readCredentials(dataPaths(dataDir).credentials);
  return known && { accessKeyId: known.accessKeyId, accessKeySecret: known.accessKeySecret };
}
