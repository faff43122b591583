import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../core/host.ts';

/** What a folder keeps from one `eascmd dev` to the next, so that a saved curl line goes on working. */
export interface Remembered {
  token: string;
  /** 0 when it was never served. */
  port: number;
}

/** In the home directory: a token in the project's folder would end up in its package or its repository. */
function fileOf(host: Host, folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return join(host.homeDir, '.eas', 'dev', `${name}.json`);
}

/** What is known of the folder (its real path); a new token for one that is seen for the first time. */
export function recall(host: Host, folder: string): Remembered {
  try {
    const { token, port } = JSON.parse(readFileSync(fileOf(host, folder), 'utf8')) as Partial<Remembered>;
    if (typeof token === 'string' && token !== '' && Number.isInteger(port))
      return { token, port: port as number };
  } catch {
    // Never seen, or no longer readable: a new one does as well.
  }
  return { token: randomBytes(20).toString('base64'), port: 0 };
}

/** Readable by the user only, whole or not at all. */
export function remember(host: Host, folder: string, remembered: Remembered): void {
  const file = fileOf(host, folder);
  const unfinished = `${file}.${crypto.randomUUID()}`;
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(unfinished, `${JSON.stringify({ folder, ...remembered })}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

/** Whether the port of the last run can be had again. */
export function isFree(hostname: string, port: number): boolean {
  try {
    Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}
