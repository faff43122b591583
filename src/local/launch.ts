import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { LocalRuntime } from '../core/service/effect.ts';
import { type DataPaths, dataPaths, ensureDataDirectory } from './data/directory.ts';
import { tryLock } from './data/lock.ts';
import { type DaemonFile, forgetDaemon, type LocalInfo, readDaemonFile } from './info.ts';
import type { LocalOptions } from './options.ts';
import { DEFAULT_BIND, DEFAULT_OBJECT_PORT, DEFAULT_PORT } from './options.ts';
import { spawnDaemon } from './process/detached.ts';
import { isAlive, kill } from './process/identity.ts';
import { readLocal, silent } from './running.ts';
import { urlOf } from './server/listen.ts';
import { fetchStatus } from './server/status.ts';

export type { LocalInfo } from './info.ts';
export { readLocal, readLocalCredentials, silent } from './running.ts';

export interface LaunchOptions {
  host: Host;
  dataDir: string;
  /** 0 picks a free one. */
  port?: number;
  objectPort?: number;
  /** Address to listen on; 127.0.0.1 unless told otherwise. */
  bind?: string;
  /** Interpreter for Python packages that bring no ENV. */
  python?: string;
  runtime?: LocalRuntime;
  /** Image of containers; by the processor's type when absent. */
  image?: string;
  timeoutMs?: number;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 2000;
const POLL_MS = 25;

/**
 * Starts Local EAS detached and waits until it answers; of callers at once all end up with the one that came first.
 * Throws EasError: a port that is taken, a data directory that can't be used, state that can't be read, a timeout.
 */
export async function startLocal(options: LaunchOptions): Promise<LocalInfo & { alreadyRunning: boolean }> {
  const { host, timeoutMs = START_TIMEOUT_MS } = options;
  const dataDir = resolve(host.cwd, options.dataDir);
  const running = await readLocal(dataDir);
  if (running) return { ...running, alreadyRunning: true };
  const paths = ensureDataDirectory(dataDir);
  const told: LocalOptions = {
    dataDir,
    port: options.port ?? DEFAULT_PORT,
    objectPort: options.objectPort ?? DEFAULT_OBJECT_PORT,
    bind: options.bind ?? DEFAULT_BIND,
    python: options.python,
    runtime: options.runtime ?? 'process',
    image: options.image,
  };
  const errors = openSync(paths.daemonLog, 'a', 0o600);
  const deadline = Date.now() + timeoutMs;
  try {
    const report = await spawnDaemon(
      [...host.selfCommand, '__local', JSON.stringify(told)],
      host.env,
      dataDir,
      errors,
      timeoutMs,
    );
    if (report?.ok) return { ...report.info, alreadyRunning: false };
    if (report && report.code !== 'LocalAlreadyRunning')
      throw (await portHolder(report.code, told)) ?? new EasError(report);
    const other = report ? await waitForOther(dataDir, deadline) : undefined;
    if (other) return { ...other, alreadyRunning: true };
  } finally {
    closeSync(errors);
  }
  throw (
    silent(dataDir) ??
    new EasError({
      code: 'LocalStartTimeout',
      message: `Local EAS did not answer within ${Math.round(timeoutMs / 1000)} s`,
      hint: `Its log is ${paths.daemonLog}`,
    })
  );
}

/** Another Local EAS that has the wanted port: its owner rarely knows that it still runs. */
async function portHolder(code: string, { bind, port }: LocalOptions): Promise<EasError | undefined> {
  const holder =
    code === 'LocalPortTaken' && port !== 0
      ? await fetchStatus(urlOf(bind, port), ANSWER_TIMEOUT_MS)
      : undefined;
  if (!holder) return undefined;
  return new EasError({
    code,
    message: `Port ${port} of ${bind} is taken by the Local EAS of ${holder.dataDir} (pid ${holder.pid})`,
    hint: `Stop that one: eascmd local stop --data-dir ${holder.dataDir}, or take another port: eascmd local start --port <n> (0 picks a free one).`,
  });
}

/** Ends the daemon and its instances in order; one that doesn't listen is killed. State is kept. */
export async function stopLocal(
  dataDir: string,
  timeoutMs = STOP_TIMEOUT_MS,
): Promise<'stopped' | 'not-running'> {
  const paths = dataPaths(dataDir);
  const file = readDaemonFile(paths.daemon);
  if (!file) return 'not-running';
  const identity = { pid: file.info.pid, started: file.started ?? '' };
  const isRunning = file.started === undefined ? (await readLocal(dataDir)) !== undefined : isAlive(identity);
  if (!isRunning) {
    clearUp(paths, file);
    return 'not-running';
  }
  signal(identity, 'SIGTERM', file.started === undefined);
  if (!(await isUnlocked(paths.lock, timeoutMs))) {
    signal(identity, 'SIGKILL', file.started === undefined);
    await isUnlocked(paths.lock, timeoutMs);
  }
  clearUp(paths, file);
  return 'stopped';
}

/** One that was killed leaves its sockets and its file. Without the lock a new one has come, to which they belong. */
function clearUp(paths: DataPaths, file: DaemonFile): void {
  const lock = tryLock(paths.lock);
  if (!lock) return;
  if (readDaemonFile(paths.daemon)?.info.pid === file.info.pid) forgetDaemon(paths.daemon, file);
  lock.release();
}

/** Stops Local EAS and removes what it keeps in the directory; anything else there is left alone. */
export async function resetLocal(dataDir: string): Promise<void> {
  await stopLocal(dataDir);
  const paths = dataPaths(dataDir);
  if (!existsSync(paths.root)) return;
  const lock = tryLock(paths.lock);
  if (!lock)
    throw new EasError({
      code: 'LocalBusy',
      message: `Local EAS in ${dataDir} is starting or can't be stopped`,
      hint: 'Try again, or end its process first.',
    });
  try {
    for (const name of [
      'state',
      'objects',
      'services',
      'benchmarks',
      'logs',
      'credentials',
      'daemon',
    ] as const)
      rmSync(paths[name], { recursive: true, force: true });
    for (const suffix of ['-wal', '-shm']) rmSync(paths.state + suffix, { force: true });
    rmSync(paths.lock, { force: true });
  } finally {
    lock.release();
  }
}

async function waitForOther(dataDir: string, deadline: number): Promise<LocalInfo | undefined> {
  while (Date.now() < deadline) {
    const info = await readLocal(dataDir);
    if (info) return info;
    await Bun.sleep(POLL_MS);
  }
  return undefined;
}

async function isUnlocked(lockPath: string, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const lock = tryLock(lockPath);
    lock?.release();
    if (lock) return true;
    if (Date.now() > deadline) return false;
    await Bun.sleep(POLL_MS);
  }
}

/** Without a start time (Windows) the answering API has proven whose pid it is. */
function signal(identity: { pid: number; started: string }, name: NodeJS.Signals, isProven: boolean): void {
  if (!isProven) kill(identity, name);
  else process.kill(identity.pid, name);
}
