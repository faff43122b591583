import { afterAll } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '../../src/core/service/limits.ts';
import type { WorkerEvent, WorkerSpec } from '../../src/core/worker/spec.ts';
import { javaClasses } from './java-apps.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

const main = resolve(import.meta.dir, '../../src/main.ts');
/** Compiled binary to test instead of the source tree. */
const program = process.env.EASCMD_BINARY ? [process.env.EASCMD_BINARY] : [process.execPath, main];

type Partly = Partial<Omit<WorkerSpec, 'limits'>> & { limits?: Partial<WorkerSpec['limits']> };

const started: RunningHost[] = [];
afterAll(async () => {
  await Promise.all(started.splice(0).map((host) => host.end()));
});

/** A real `eascmd __worker` of its own, and what it said. */
export class RunningHost {
  readonly events: WorkerEvent[] = [];
  readonly spec: WorkerSpec;
  readonly process;
  private readonly waiting = new Set<() => void>();
  private readonly reading: Promise<void>;

  constructor(spec: Partly) {
    const folder = temporaryFolder();
    this.spec = {
      service: 'svc',
      instance: 'svc-1',
      host: '127.0.0.1',
      port: 0,
      runDir: join(folder, 'run'),
      secret: 'gateway-secret',
      token: '',
      workspace: join(folder, 'ws'),
      processor: { type: 'python', entry: 'app.py', python: 'python3' },
      modelEntry: '',
      modelConfig: '',
      properties: {},
      env: {},
      logFile: join(folder, 'log/svc-1.log'),
      startTimeoutMs: 60_000,
      graceMs: 10_000,
      ...spec,
      limits: { ...DEFAULT_LIMITS, ...spec.limits },
    };
    this.process = Bun.spawn([...program, '__worker'], { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' });
    this.process.stdin.write(`${JSON.stringify(this.spec)}\n`);
    this.process.stdin.flush();
    this.reading = this.read();
    started.push(this);
  }

  /** The first event of `type` from number `from` on; throws when the host ends without it. */
  async event<T extends WorkerEvent['type']>(type: T, from = 0): Promise<Extract<WorkerEvent, { type: T }>> {
    for (;;) {
      const found = this.events.slice(from).find((event) => event.type === type);
      if (found) return found as Extract<WorkerEvent, { type: T }>;
      const more = new Promise<'more'>((resolve) => this.waiting.add(() => resolve('more')));
      if (
        (await Promise.race([more, this.reading])) !== 'more' &&
        !this.events.some((e) => e.type === type)
      ) {
        throw new Error(`no ${type} among ${JSON.stringify(this.events)}; log:\n${this.log()}`);
      }
    }
  }

  async url(path = '/api/predict/svc'): Promise<string> {
    return `http://127.0.0.1:${(await this.event('listening')).port}${path}`;
  }

  async post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(await this.url(), { method: 'POST', body, headers });
  }

  async text(body: string): Promise<[number, string]> {
    const response = await this.post(body);
    return [response.status, await response.text()];
  }

  /** Sends raw bytes, returns all that comes back until the other side closes the connection. */
  async raw(...parts: string[]): Promise<string> {
    const { port } = await this.event('listening');
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        for (const part of parts) socket.write(part);
      });
      let got = '';
      socket.on('data', (chunk) => {
        got += chunk;
      });
      socket.on('end', () => {
        socket.destroy();
        resolve(got);
      });
      socket.on('error', reject);
    });
  }

  /** Waits until the front has so many requests under way, or in its queue. */
  async has(name: 'in_flight' | 'queued', count: number): Promise<void> {
    const url = await this.url('/api/builtin/realtime_metrics');
    await until(async () => {
      const samples = (await (await fetch(url)).json()) as { name: string; value: number }[];
      return samples.find((sample) => sample.name === name)?.value === count;
    });
  }

  say(command: 'drain' | 'stop'): void {
    this.process.stdin.write(`${JSON.stringify({ type: command })}\n`);
    this.process.stdin.flush();
  }

  log(): string {
    return readFileSync(this.spec.logFile, 'utf8');
  }

  async end(): Promise<number> {
    this.process.stdin.end();
    return this.process.exited;
  }

  private async read(): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.process.stdout) {
      rest += decoder.decode(chunk, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.events.push(JSON.parse(line));
      for (const wake of this.waiting) wake();
      this.waiting.clear();
    }
  }
}

export function pythonHost(app: string, spec: Partly = {}): RunningHost {
  const workspace = writeFiles(join(temporaryFolder(), 'ws'), {
    'predictor/app/app.py': app,
    'model/m.txt': 'model',
  });
  return new RunningHost({ workspace, ...spec });
}

/** A host that runs `source` compiled with g++. */
export function cppHost(source: string, spec: Partly = {}): RunningHost {
  const workspace = writeFiles(join(temporaryFolder(), 'ws'), {
    'predictor/p/p.cpp': source,
    'model/m.txt': 'model',
  });
  const cwd = join(workspace, 'predictor/p');
  execFileSync('g++', ['-O1', '-shared', '-fPIC', '-o', 'libp.so', 'p.cpp'], { cwd });
  return new RunningHost({ workspace, processor: { type: 'cpp', entry: 'libp.so' }, ...spec });
}

/** A host of a class of java-apps.ts, with its classes as they are. */
export function javaHost(mainClass: string, spec: Partly = {}): RunningHost {
  const workspace = writeFiles(join(temporaryFolder(), 'ws'), { 'model/m.txt': 'model' });
  cpSync(javaClasses(), join(workspace, 'predictor/p'), { recursive: true });
  return new RunningHost({ workspace, processor: { type: 'java', entry: '', mainClass }, ...spec });
}

export function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has waited for yet is dead too.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until `check` holds. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await check()); tries++) {
    if (tries > 2000) throw new Error('it never came true');
    await Bun.sleep(25);
  }
}
