import { rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import pkg from '../../package.json' with { type: 'json' };
import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { childEnvironment } from '../core/process/environment.ts';
import { Api } from './api/handler.ts';
import { BenchmarkTasks } from './benchmark/tasks.ts';
import { apiTime } from './clock.ts';
import { ensureCredentials } from './data/credentials.ts';
import { ensureDataDirectory } from './data/directory.ts';
import { lockPatiently } from './data/lock.ts';
import { BoundedLog } from './data/log.ts';
import { makeRunDirectory } from './data/run-directory.ts';
import { Gateway, MAX_BODY_BYTES } from './gateway/gateway.ts';
import { type LocalInfo, removeDaemonFile, writeDaemonFile } from './info.ts';
import { type Backoff, defaultBackoff } from './instances/backoff.ts';
import { Lifecycle } from './lifecycle/lifecycle.ts';
import { ServiceRoutes } from './lifecycle/routes.ts';
import { objectStoreServeOptions, openObjectStore } from './objects/index.ts';
import { type LocalOptions, REGION } from './options.ts';
import { objectLookup } from './packages/objects.ts';
import { Packages } from './packages/packages.ts';
import { identify } from './process/identity.ts';
import { Launcher } from './process/launcher.ts';
import { endLeftovers } from './process/leftovers.ts';
import { addressOf } from './release/pair.ts';
import { ResourceFile } from './resources/file.ts';
import { ResourceGroups } from './resources/groups.ts';
import { ThisMachine } from './resources/machine.ts';
import { Scaling } from './scaling/scaling.ts';
import { frontDoor } from './server/front-door.ts';
import { listen, urlOf } from './server/listen.ts';
import { State } from './state/state.ts';

/** Long enough for any model; a start that takes more counts as failed. */
const START_TIMEOUT_MS = 30 * 60_000;

export interface Daemon {
  info: LocalInfo;
  log(line: string): void;
  /** Ends instances and servers; services stay wanted as they are. */
  stop(): Promise<void>;
}

/** What only tests change. */
export interface DaemonTuning {
  backoff?: Backoff;
}

/**
 * Starts Local EAS in this process: lock, state, leftovers, servers, then every service that was running. Throws
 * EasError and leaves nothing behind when that can't be; code `LocalAlreadyRunning` when another one has the lock.
 */
export async function startDaemon(
  host: Host,
  options: LocalOptions,
  tuning: DaemonTuning = {},
): Promise<Daemon> {
  const paths = ensureDataDirectory(options.dataDir);
  const undo: (() => void | Promise<void>)[] = [];
  const unwind = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const lock = await lockPatiently(paths.lock);
  if (!lock)
    throw new EasError({
      code: 'LocalAlreadyRunning',
      message: `Another Local EAS runs in ${options.dataDir}`,
      hint: 'Use it, stop it with `eascmd local stop`, or choose another --data-dir.',
    });
  undo.push(() => lock.release());
  try {
    const { write: log } = new BoundedLog(paths.daemonLog);
    const state = new State(paths.state);
    undo.push(() => state.close());
    await endLeftovers(state.processes, log);
    const credentials = ensureCredentials(paths.credentials);
    const lookupSecret = (id: string) =>
      id === credentials.accessKeyId ? credentials.accessKeySecret : undefined;
    const runDir = makeRunDirectory(host.env.TMPDIR || tmpdir(), options.dataDir);
    undo.push(() => rmSync(runDir, { recursive: true, force: true }));
    const launcher = new Launcher(
      host.selfCommand,
      childEnvironment(host.env),
      options.dataDir,
      state.processes,
    );

    const routes: ServiceRoutes = new ServiceRoutes(state, () => lifecycle);
    const gateway = new Gateway(routes, log);
    const store = openObjectStore({ dir: paths.objects, lookupSecret, region: REGION, log });
    undo.push(() => store.close());
    const objects = objectLookup(store);
    const thisMachine = new ThisMachine(log);
    void thisMachine.countGpus(host.env.PATH);
    const resources = new ResourceGroups(
      new ResourceFile(paths.resources),
      thisMachine,
      statSync(paths.credentials).birthtime,
    );
    const lifecycle: Lifecycle = new Lifecycle(
      {
        state,
        launcher,
        packages: new Packages(paths.services, objects, launcher),
        resources,
        traffic: gateway,
        runDir,
        logsDir: paths.logs,
        host: options.bind,
        python: options.python,
        containers:
          options.runtime === 'docker' ? { image: options.image, owner: options.dataDir } : undefined,
        backoff: tuning.backoff ?? defaultBackoff,
        startTimeoutMs: START_TIMEOUT_MS,
        log,
      },
      (service) => routes.forget(service),
    );

    let door: ReturnType<typeof frontDoor> | undefined;
    const server = listen({
      bind: options.bind,
      port: options.port,
      option: '--port',
      maxBodyBytes: MAX_BODY_BYTES,
      fetch: (request, self) =>
        door?.(request, self) ?? new Response('Local EAS is starting', { status: 503 }),
      log,
    });
    undo.push(() => server.stop(true));
    const objectServer = listen({
      bind: options.bind,
      port: options.objectPort,
      option: '--object-port',
      maxBodyBytes: objectStoreServeOptions.maxRequestBodySize,
      fetch: (request, self) => store.fetch(request, self),
      log,
    });
    undo.push(() => objectServer.stop(true));

    const info: LocalInfo = {
      pid: process.pid,
      version: pkg.version,
      apiUrl: urlOf(options.bind, server.port!),
      objectStoreUrl: urlOf(options.bind, objectServer.port!),
      region: REGION,
      uid: credentials.uid,
      dataDir: options.dataDir,
      startedAt: apiTime(),
      runtime: options.runtime,
    };
    const scaling = new Scaling({ state, lifecycle, gateway, log });
    undo.push(() => scaling.stop());
    const benchmarks = new BenchmarkTasks(
      {
        state,
        launcher,
        objects,
        destination(service) {
          const row = state.services.byName(service);
          if (!row) return undefined;
          const { path, token } = addressOf(state, row);
          const hasReadyInstance = lifecycle.counts(row).running > 0;
          return { url: `${info.apiUrl}/api/predict/${path}`, token, status: row.status, hasReadyInstance };
        },
        log,
      },
      paths.benchmarks,
    );
    const context = {
      state,
      scaling,
      resources,
      benchmarks,
      lifecycle,
      apiUrl: info.apiUrl,
      region: REGION,
      uid: credentials.uid,
      logsDir: paths.logs,
      forgetRoutes: () => routes.forgetAll(),
    };
    door = frontDoor({
      info,
      api: new Api(context, lookupSecret, log),
      gateway,
      lifecycle,
      state,
      benchmarks,
      bind: options.bind,
    });
    undo.push(() => gateway.close());
    undo.push(() => lifecycle.halt());
    undo.push(() => benchmarks.halt());
    lifecycle.start();
    scaling.wake();
    benchmarks.begin();
    writeDaemonFile(paths.daemon, info, identify(process.pid), runDir);
    undo.push(() => removeDaemonFile(paths.daemon));
    log(`Local EAS ${info.version} (pid ${info.pid}) serves ${info.apiUrl} and ${info.objectStoreUrl}`);
    return {
      info,
      log,
      stop: async () => {
        await unwind();
        log('Local EAS has stopped');
      },
    };
  } catch (error) {
    await unwind();
    throw error;
  }
}
