import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server } from 'bun';
import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { limitsFromProperties } from '../core/service/limits.ts';
import type { WorkerEvent, WorkerSpec } from '../core/worker/spec.ts';
import { BUILTIN_PATH } from './front/builtin/builtin.ts';
import { Gate } from './front/gate.ts';
import { serveHttp } from './front/http.ts';
import { InjectedHandlers } from './front/injected.ts';
import { Link } from './front/link.ts';
import { launcherOf } from './launchers.ts';
import { TimeoutLog } from './queue/timeouts.ts';
import { warmUp } from './queue/warm-up.ts';
import { serviceConfigEnv, writeServiceConfig } from './service-config.ts';
import { InstanceLog } from './supervisor/log.ts';
import type { Launch } from './supervisor/process.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { HttpTaker } from './threads/http.ts';
import { ThreadListener } from './threads/listener.ts';
import { within } from './within.ts';

/** Bytes of a socket path that every system takes. */
const MAX_SOCKET_PATH = 100;
const METRICS_MS = 1000;
/** What runs when user code is replaced has so long to answer. */
const LAST_ANSWERS_MS = 200;
const DEFAULT_HEADERS = 'rpc.http.default_headers';

/** One instance of a service: its front, its queue and its processor (docs/architecture.md, Processes). */
export class WorkerInstance {
  private readonly log: InstanceLog;
  private readonly gate: Gate;
  private readonly injected: InjectedHandlers;
  private readonly threads: ThreadListener;
  private readonly link: Link;
  private readonly supervisor: Supervisor;
  private readonly server: Server<undefined>;
  private readonly properties: Record<string, string>;
  private readonly metrics: ReturnType<typeof setInterval>;
  private httpTaker: HttpTaker | undefined;
  private lastMetrics = '';
  /** Counts starts and ends of user code: a warm-up whose processor is gone decides nothing. */
  private starts = 0;

  static async open(
    host: Host,
    spec: WorkerSpec,
    emit: (event: WorkerEvent) => void,
  ): Promise<WorkerInstance> {
    const longest = join(spec.runDir, 'threads.sock');
    if (Buffer.byteLength(longest) > MAX_SOCKET_PATH) {
      throw new EasError({ code: 'RunDirTooLong', message: `socket paths can't be as long as ${longest}` });
    }
    await mkdir(spec.runDir, { recursive: true, mode: 0o700 });
    for (const name of ['threads.sock', 'link.sock']) await rm(join(spec.runDir, name), { force: true });
    if (spec.serviceConfig !== undefined) await writeServiceConfig(spec.workspace, spec.serviceConfig);
    return new WorkerInstance(host, spec, emit);
  }

  private constructor(
    host: Host,
    private readonly spec: WorkerSpec,
    private readonly emit: (event: WorkerEvent) => void,
  ) {
    const launcher = launcherOf(host, spec, () => this.threads.loopbackPort());
    this.properties = { ...spec.properties };
    this.log = new InstanceLog(spec.logFile);
    this.gate = new Gate(spec.limits, this.properties[DEFAULT_HEADERS]);
    this.injected = new InjectedHandlers(spec.limits);
    this.server = this.listen();
    const log = (line: string) => this.log.line(line);
    const timeouts = new TimeoutLog(this.gate.dispatcher, log);
    this.gate.dispatcher.onTimeout = () => timeouts.timedOut();
    const socketPath = join(spec.runDir, 'threads.sock');
    this.threads = new ThreadListener({
      path: socketPath,
      dispatcher: this.gate.dispatcher,
      onReady: () => void this.threadsReady(),
      onProperties: (properties) => this.change(properties),
      onHttp: (port, threads) => void this.useHttp(port, threads),
      onInject: (handler) => this.injected.add(handler),
      log,
    });
    const linkPath = join(spec.runDir, 'link.sock');
    const tcp = spec.linkPort === undefined ? undefined : { hostname: spec.host, port: spec.linkPort };
    this.link = new Link({ path: linkPath, tcp, secret: spec.secret, gate: this.gate, log });
    this.supervisor = new Supervisor({
      launch: async (): Promise<Launch> => {
        const secret = randomBytes(16).toString('hex');
        this.threads.renew(secret);
        this.injected.clear();
        this.httpTaker?.close();
        this.gate.dispatcher.isDraining = false;
        return launcher({
          ...host.env,
          WORKER_NAME: 'easworker',
          ...serviceConfigEnv(spec.serviceConfig),
          ...spec.env,
          EASCMD_PROCESSOR_SOCKET: socketPath,
          EASCMD_PROCESSOR_SECRET: secret,
          EASCMD_METRICS_URL: this.metricsUrl(),
        });
      },
      log: this.log,
      startTimeoutMs: spec.startTimeoutMs,
      crashBlock: spec.limits.crashBlock,
      onExit: (exit) => {
        this.notReady();
        emit({ type: 'exited', ...exit });
      },
    });
    this.metrics = setInterval(() => this.report(), METRICS_MS);
    emit({ type: 'listening', port: this.server.port!, link: `unix:${linkPath}` });
    this.log.line(`instance ${spec.instance} of service ${spec.service} listens on port ${this.server.port}`);
    void this.supervisor.start();
  }

  /** Finishes what is in flight, at most `graceMs`, then ends user code. */
  async drain(): Promise<void> {
    const begun = performance.now();
    this.log.line('draining');
    void this.server.stop(false);
    const { graceMs, limits } = this.spec;
    await within(this.gate.dispatcher.whenIdle(), graceMs);
    this.report();
    const left = Math.max(graceMs - (performance.now() - begun), 1000);
    await this.supervisor.stop(limits.enableSigterm ? left : 0);
    this.emit({ type: 'drained' });
  }

  /** Starts user code anew from its files; what comes meanwhile waits in the queue, `rpc.keepalive` at most. */
  async restart(): Promise<void> {
    this.log.line('starting the processor again');
    const { dispatcher } = this.gate;
    dispatcher.hold();
    await this.supervisor.restart(within(dispatcher.whenNoneRuns(), LAST_ANSWERS_MS));
  }

  /** Ends user code at once. */
  kill(): void {
    this.supervisor.kill(true);
  }

  /** Lets go of everything; the process can end. */
  async close(): Promise<void> {
    this.kill();
    clearInterval(this.metrics);
    this.notReady();
    this.gate.dispatcher.close();
    this.threads.close();
    this.link.close();
    await this.server.stop(true);
    this.log.line('stopped');
    this.log.close();
  }

  private listen(): Server<undefined> {
    const { host, port, token } = this.spec;
    const { gate, injected } = this;
    try {
      return serveHttp({ host, port, token, gate, injected, properties: () => this.properties });
    } catch (cause) {
      throw new EasError({
        code: 'PortTaken',
        message: `the instance can't listen on ${host}:${port}: ${(cause as Error).message}`,
        hint: 'free the port, or let a free one be picked (port 0)',
        cause,
      });
    }
  }

  /** In the cloud user code finds it on port 8080. */
  private metricsUrl(): string {
    const host = this.spec.host === '0.0.0.0' ? '127.0.0.1' : this.spec.host;
    return `http://${host}:${this.server.port}${BUILTIN_PATH}realtime_metrics`;
  }

  /** All threads are connected: after the warm-up requests, if there are any, the instance takes others. */
  private async threadsReady(): Promise<void> {
    const { workspace, warmUp: file } = this.spec;
    if (file === undefined) return this.ready();
    const start = ++this.starts;
    const log = (line: string) => this.log.line(line);
    const outcome = await warmUp(this.gate.dispatcher, workspace, file, log).catch((error) => {
      // A version that was unpacked before warm-up was served here has none.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        log(`warm-up: there is no ${file}; a new version of the service fetches it`);
        return 'warm' as const;
      }
      return { problem: `the warm-up requests can't be read: ${(error as Error).message}` };
    });
    if (start !== this.starts || outcome === 'gone') return;
    if (outcome === 'warm') this.ready();
    else this.supervisor.refuse(outcome.problem);
  }

  private ready(): void {
    this.gate.dispatcher.ready = true;
    this.gate.dispatcher.isHolding = false;
    this.supervisor.markReady();
    this.log.line('service start successfully');
    this.emit({ type: 'ready' });
  }

  private notReady(): void {
    this.starts++;
    this.gate.dispatcher.ready = false;
    this.gate.dispatcher.isHolding = false;
    this.threads.dropAll();
    this.httpTaker?.close();
    this.httpTaker = undefined;
    this.gate.dispatcher.failWaiting();
    this.injected.clear();
  }

  private change(properties: Record<string, string>): void {
    Object.assign(this.properties, properties);
    const limits = limitsFromProperties(this.properties, this.spec.limits);
    this.gate.apply(limits, this.properties[DEFAULT_HEADERS]);
    this.injected.apply(limits);
  }

  private async useHttp(port: number, threads: number): Promise<void> {
    const taker = new HttpTaker(port, this.gate.dispatcher);
    this.httpTaker?.close();
    this.httpTaker = taker;
    if (!(await taker.opened())) return;
    taker.offer(threads);
    await this.threadsReady();
  }

  private report(): void {
    const counters = this.gate.dispatcher.counters();
    const text = JSON.stringify(counters);
    if (text === this.lastMetrics) return;
    this.lastMetrics = text;
    this.emit({ type: 'metrics', ...counters });
  }
}
