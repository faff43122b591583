import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import popCore from '@alicloud/pop-core';
import type { Host } from '../../src/core/host.ts';
import { type LocalInfo, readLocalCredentials, startLocal, stopLocal } from '../../src/local/launch.ts';

/** pop-core's type declarations stop at its RPC client. */
interface RoaClient {
  request(
    method: string,
    path: string,
    query: Record<string, string>,
    body: string,
    headers: Record<string, string>,
    options?: { timeout?: number },
  ): Promise<Reply>;
}
const { ROAClient } = popCore as unknown as {
  ROAClient: new (config: Record<string, string>) => RoaClient;
};

// biome-ignore lint/suspicious/noExplicitAny: replies are read as a caller of a dynamic language would.
export type Reply = Record<string, any>;

export interface ApiFailure {
  status: number;
  code: string;
  message: string;
}

export const fakeHost = (env: Record<string, string> = {}): Host => ({
  argv: [],
  env: { ...process.env, ...env },
  cwd: tmpdir(),
  platform: process.platform,
  homeDir: tmpdir(),
  selfCommand: [process.execPath, join(import.meta.dir, 'fake/program.ts')],
});

export const temporaryDirectory = () => mkdtempSync(join(tmpdir(), 'eas-test-'));

/** A Local EAS in a process of its own, with fake workers, on free ports and a temporary data directory. */
export class LocalUnderTest {
  info!: LocalInfo;
  private client!: RoaClient;

  constructor(
    readonly dataDir = temporaryDirectory(),
    readonly host = fakeHost(),
  ) {}

  async start(): Promise<this> {
    this.info = await startLocal({ host: this.host, dataDir: this.dataDir, port: 0, objectPort: 0 });
    const { accessKeyId, accessKeySecret } = (await readLocalCredentials(this.dataDir))!;
    this.client = new ROAClient({
      accessKeyId,
      accessKeySecret,
      endpoint: this.info.apiUrl,
      apiVersion: '2021-07-01',
    });
    return this;
  }

  /** One signed call by pop-core. */
  async call(
    method: string,
    path: string,
    query: Record<string, string> = {},
    body?: unknown,
  ): Promise<Reply> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { 'content-type': 'application/json' };
    return this.client.request(method, `/api/v2/${path}`, query, text, headers, { timeout: 20_000 });
  }

  /** The error answer of a call that has to fail. */
  async refused(...call: Parameters<LocalUnderTest['call']>): Promise<ApiFailure> {
    try {
      await this.call(...call);
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      const [, status, text] = /^code: (\d+), (.*), requestid: /s.exec(message) ?? [];
      return { status: Number(status), code, message: text ?? message };
    }
    throw new Error(`${call[0]} ${call[1]} was expected to be refused`);
  }

  service(name: string): Promise<Reply> {
    return this.call('GET', `services/local/${name}`);
  }

  async instances(name: string): Promise<Reply[]> {
    return (await this.call('GET', `services/local/${name}/instances`)).Instances;
  }

  /** Asks until the service has that status; the statuses and messages seen on the way are answered. */
  async until(name: string, status: string, seen: string[] = []): Promise<Reply> {
    for (;;) {
      const service = await this.service(name);
      const line = `${service.Status}: ${service.Message}`;
      if (seen.at(-1) !== line) seen.push(line);
      if (service.Status === status) return service;
      if (status !== 'Failed' && service.Status === 'Failed') throw new Error(seen.join('\n'));
      await Bun.sleep(10);
    }
  }

  async create(name: string, change: Record<string, unknown> = {}): Promise<Reply> {
    await this.call('POST', 'services', {}, serviceJson(name, change));
    return this.until(name, 'Running');
  }

  async gone(name: string): Promise<void> {
    while (
      await this.service(name).then(
        () => true,
        () => false,
      )
    )
      await Bun.sleep(10);
  }

  async predict(name: string, body = ''): Promise<{ status: number; text: string }> {
    const { AccessToken } = await this.service(name);
    return this.post(name, AccessToken, body);
  }

  async post(name: string, token: string, body: string): Promise<{ status: number; text: string }> {
    const reply = await fetch(`${this.info.apiUrl}/api/predict/${name}`, {
      method: 'POST',
      headers: { authorization: token },
      body,
    });
    return { status: reply.status, text: await reply.text() };
  }

  /** The daemon ends without a chance to do anything. */
  async killDaemon(): Promise<void> {
    process.kill(this.info.pid, 'SIGKILL');
    while (isRunning(this.info.pid)) await Bun.sleep(5);
  }

  /** Processes that belong to this data directory, the daemon included. */
  processes(): { pid: number; command: string }[] {
    const listed = Bun.spawnSync(['ps', '-eo', 'pid=,stat=,args=']).stdout.toString().split('\n');
    return listed
      .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
      .filter((match) => match !== null && !match[2]!.startsWith('Z'))
      .map((match) => ({ pid: Number(match![1]), command: match![3]! }))
      .filter(({ pid, command }) => command.includes('fake/program.ts') && cwdOf(pid) === this.dataDir);
  }

  async end(): Promise<void> {
    await stopLocal(this.dataDir);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

export function serviceJson(name: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    processor_path: join(import.meta.dir, 'fake/program.ts'),
    processor_entry: 'libecho.so',
    processor_type: 'cpp',
    metadata: { instance: 1, cpu: 1 },
    ...change,
  };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The daemon and all it starts run in the data directory, which tells the tests' own processes from others. */
function cwdOf(pid: number): string | undefined {
  const listed = Bun.spawnSync(['readlink', `/proc/${pid}/cwd`]);
  return listed.stdout.toString().trim() || undefined;
}
