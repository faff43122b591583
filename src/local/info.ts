import { readFileSync, rmSync } from 'node:fs';
import type { LocalRuntime } from '../core/service/effect.ts';
import { writeAtomically } from './data/atomic.ts';
import type { ProcessIdentity } from './process/identity.ts';

/** A running Local EAS, as `local status` shows it. Holds no secret. */
export interface LocalInfo {
  pid: number;
  version: string;
  apiUrl: string;
  objectStoreUrl: string;
  region: string;
  uid: string;
  dataDir: string;
  /** RFC 3339 in UTC. */
  startedAt: string;
  runtime: LocalRuntime;
}

/** daemon.json: the info, and what tells this process from a later one with its pid. */
export interface DaemonFile {
  info: LocalInfo;
  started: string | undefined;
  /** Folder of its sockets, which one that was killed leaves behind. */
  runDir?: string;
}

export function writeDaemonFile(
  path: string,
  info: LocalInfo,
  identity: ProcessIdentity | undefined,
  runDir: string,
): void {
  const file: DaemonFile = { info, started: identity?.started, runDir };
  writeAtomically(path, `${JSON.stringify(file, null, 2)}\n`, 0o600);
}

/** Undefined when there is none, or a damaged one: then nobody is known to run. */
export function readDaemonFile(path: string): DaemonFile | undefined {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as DaemonFile;
    return typeof file.info?.apiUrl === 'string' && typeof file.info.pid === 'number' ? file : undefined;
  } catch {
    return undefined;
  }
}

export function removeDaemonFile(path: string): void {
  rmSync(path, { force: true });
}

/** Clears up after the daemon of that file, which has ended. The caller holds the lock, so that no other one begins. */
export function forgetDaemon(path: string, { runDir }: DaemonFile): void {
  if (runDir !== undefined) rmSync(runDir, { recursive: true, force: true });
  removeDaemonFile(path);
}
