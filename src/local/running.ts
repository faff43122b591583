import type { Credentials } from '../core/target.ts';
import { readCredentials } from './data/credentials.ts';
import { dataPaths } from './data/directory.ts';
import { type LocalInfo, readDaemonFile } from './info.ts';
import { isAlive } from './process/identity.ts';
import { fetchStatus } from './server/status.ts';

export type { LocalInfo } from './info.ts';

const ANSWER_TIMEOUT_MS = 2000;

/** The Local EAS of that data directory, if it runs. Every command asks: where the kernel can tell, nothing is sent. */
export async function readLocal(dataDir: string): Promise<LocalInfo | undefined> {
  const file = readDaemonFile(dataPaths(dataDir).daemon);
  if (!file) return undefined;
  const { info, started } = file;
  // Elsewhere asking for a process costs more than asking the process.
  if (process.platform === 'linux' && started !== undefined && isAlive({ pid: info.pid, started }))
    return info;
  const answer = await fetchStatus(info.apiUrl, ANSWER_TIMEOUT_MS);
  return answer?.pid === info.pid && answer.dataDir === info.dataDir ? answer : undefined;
}

/** The key pair of that Local EAS; undefined before its first start. */
export async function readLocalCredentials(dataDir: string): Promise<Credentials | undefined> {
  const known = readCredentials(dataPaths(dataDir).credentials);
  return known && { accessKeyId: known.accessKeyId, accessKeySecret: known.accessKeySecret };
}
