import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, LocalUnderTest, type Reply, serviceJson } from './support.ts';

/** Benchmark tasks of a Local EAS with fake instances and real agents (openapi.md section 6, eascmd.md 2.14). */
const LIMIT_MS = 60_000;
const opened: LocalUnderTest[] = [];
afterEach(async () => {
  for (const local of opened.splice(0)) await local.end();
});

class Tasks {
  constructor(readonly local: LocalUnderTest) {}

  static async open(service: Record<string, unknown> = {}): Promise<Tasks> {
    const local = new LocalUnderTest();
    opened.push(local);
    await local.start();
    await local.create('echo_x', service);
    return new Tasks(local);
  }

  async create(optional: object = {}, more: object = {}): Promise<string> {
    const reply = await this.local.call('POST', 'benchmark-tasks', {}, document(optional, more));
    return reply.TaskName;
  }

  describe = (name: string): Promise<Reply> => this.local.call('GET', `benchmark-tasks/local/${name}`);

  raw = async (name: string): Promise<Reply> =>
    (await this.local.call('GET', `benchmark-tasks/local/${name}/report`, { ReportType: 'RAW' })).Data;

  change = (name: string, verb: 'start' | 'stop'): Promise<Reply> =>
    this.local.call('PUT', `benchmark-tasks/local/${name}/${verb}`);

  async until(name: string, holds: string | ((task: Reply) => boolean)): Promise<Reply> {
    for (;;) {
      const task = await this.describe(name);
      if (typeof holds === 'string' ? task.Status === holds : holds(task)) return task;
      if (/Failed|Error/.test(task.Status)) throw new Error(`${task.Status}: ${task.Message}`);
      await Bun.sleep(20);
    }
  }

  /** Running, with answers counted. */
  async pressed(optional: object = {}, more: object = {}): Promise<string> {
    const name = await this.create(optional, more);
    await this.until(name, 'Running');
    while ((await this.raw(name)).Count === 0) await Bun.sleep(50);
    return name;
  }

  async gone(name: string): Promise<void> {
    while (
      await this.describe(name).then(
        () => true,
        () => false,
      )
    )
      await Bun.sleep(20);
  }

  agents = () => this.local.processes().filter(({ command }) => command.endsWith('__load'));
}

const document = (optional: object, more: object) => ({
  service: { serviceName: 'echo_x' },
  data: { content: Buffer.from('hello').toString('base64') },
  optional: { mode: 'manual', duration: 60, ...optional },
  ...more,
});

test(
  'a task from its creation to its end, and once more',
  async () => {
    const tasks = await Tasks.open();
    const name = await tasks.create({ concurrency: 3 });
    expect(name).toMatch(/^benchmark-echo-x-[0-9a-f]{4}$/);
    const running = await tasks.until(name, 'Running');
    expect(running).toMatchObject({
      AvailableAgent: 1,
      DesiredAgent: 1,
      Message: 'Benchmark task is Running',
      ServiceName: 'echo_x',
      Endpoint: `${tasks.local.info.apiUrl}/api/predict/echo_x`,
      Token: (await tasks.local.service('echo_x')).AccessToken,
    });
    expect(JSON.parse(running.Config)).toMatchObject({
      base: { agentCount: 1, concurrency: 3, duration: 60 },
      service: { serviceName: 'echo_x' },
    });
    expect(tasks.agents()).toHaveLength(1);
    while ((await tasks.raw(name)).Count === 0) await Bun.sleep(50);
    expect(await tasks.local.refused('GET', `benchmark-tasks/local/${name}/report`)).toMatchObject({
      status: 409,
      code: 'InvalidBenchmarkTask.Status',
    });

    await tasks.change(name, 'stop');
    const stopping = await tasks.describe(name);
    if (stopping.Status === 'Stopping')
      expect([stopping.AvailableAgent, stopping.Message]).toEqual([0, 'Benchmark task is Running']);
    const stopped = await tasks.until(name, 'Stopped');
    expect([stopped.AvailableAgent, stopped.Message]).toEqual([0, 'Benchmark task is Stopped']);
    expect(tasks.agents()).toEqual([]);
    const data = await tasks.raw(name);
    const total = (list: number[]) => list.reduce((sum, value) => sum + value, 0);
    expect(data.StatusCode).toEqual({ 200: data.Count });
    expect(total(data.QPSList)).toBe(data.Count);
    expect(total(data.TrafficList.map(({ Send }: Reply) => Send))).toBe(data.TotalSend);
    expect(data.MinRT).toBeGreaterThan(0);
    expect(data.MaxRT).toBeGreaterThanOrEqual(data.AvgRT);
    const report = async () =>
      (await tasks.local.call('GET', `benchmark-tasks/local/${name}/report`, { ReportType: 'Report' }))
        .ReportUrl;
    const url = await report();
    expect(url).toBe(`${tasks.local.info.apiUrl}/eas-benchmark/summary/${name}-10001.html`);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const text = await page.text();
    expect(text).toContain(`"Count":${data.Count}`);
    expect(text).not.toContain(running.Token);
    expect((await fetch(url.replace('10001', '10002'))).status).toBe(404);

    await tasks.change(name, 'start');
    await tasks.until(name, 'Running');
    await tasks.change(name, 'stop');
    await tasks.until(name, 'Stopped');
    expect(await report()).toEndWith('-10002.html');

    await tasks.local.call('DELETE', `benchmark-tasks/local/${name}`);
    await tasks.gone(name);
    expect(existsSync(join(tasks.local.dataDir, 'benchmarks', name))).toBe(false);
  },
  LIMIT_MS,
);

test(
  'what is refused, and how',
  async () => {
    const tasks = await Tasks.open();
    const refused = (optional: object, more: object = {}) =>
      tasks.local.refused('POST', 'benchmark-tasks', {}, document(optional, more));
    const cases: [object, object, number, string][] = [
      [{}, { service: { serviceName: 'nobody' } }, 404, 'Service [nobody] in region [local] is not found'],
      [{}, { service: {} }, 400, 'service.serviceName is missing'],
      [
        {},
        { service: { serviceName: 'echo_x', serviceUrl: 'http://far.away/' } },
        400,
        'its own services only',
      ],
      [{}, { data: {} }, 400, 'there is nothing to send'],
      [{}, { data: { content: '%' } }, 400, 'base64'],
      [{}, { data: { content: 'YQ==', dataType: 'tfrecord' } }, 400, 'sends data as it is: binary'],
      [{}, { http: { headers: ['Host: far.away'] } }, 400, 'http.headers[0] sets Host'],
      [{ mode: 'fast' }, {}, 400, 'optional.mode must be one of auto, scan, manual'],
      [{ duration: 1201 }, {}, 400, 'optional.duration must be a whole number from 1 to 1200'],
      [{ agentCount: 9 }, {}, 400, 'optional.agentCount must be a whole number from 1 to 8'],
      [{ mode: 'scan', maxQPS: 50 }, {}, 400, 'at least optional.minQPS, which is 100'],
      [{ maxRt: 0 }, {}, 400, 'optional.maxRT must be a number above 0'],
    ];
    for (const [optional, more, status, message] of cases) {
      const failure = await refused(optional, more);
      expect([failure.status, failure.message]).toEqual([status, expect.stringContaining(message)]);
    }
    const unknown = await tasks.local.refused('GET', 'benchmark-tasks/local/nobody');
    expect([unknown.status, unknown.code]).toEqual([404, 'InvalidBenchmarkTask.NotFound']);
    const elsewhere = await tasks.local.refused('GET', 'benchmark-tasks/cn-shanghai/nobody');
    expect(elsewhere.code).toBe('InvalidRegionId.NotFound');

    const scan = await tasks.create({ mode: 'scan' });
    await tasks.until(scan, 'Running');
    const update = (body: object) => tasks.local.refused('PUT', `benchmark-tasks/local/${scan}`, {}, body);
    expect((await update({ optional: { concurrency: 2 } })).code).toBe('InvalidBenchmarkTask.Mode');
    expect((await update({ service: { serviceName: 'x' } })).message).toContain('only base and optional');
    expect((await update({ optional: { mode: 'manual' } })).message).toContain("can't be changed");
  },
  LIMIT_MS,
);

test(
  'names can be given, are unique, and lists find tasks by name, service and status',
  async () => {
    const tasks = await Tasks.open();
    const named = await tasks.create({}, { base: { name: 'mine', requestCount: 1 } });
    expect(named).toBe('mine');
    expect(
      await tasks.local.refused('POST', 'benchmark-tasks', {}, document({}, { base: { name: 'mine' } })),
    ).toMatchObject({ status: 409, code: 'BenchmarkTaskAlreadyExists' });
    const other = await tasks.create({}, { base: { requestCount: 1 } });
    await tasks.until('mine', 'Stopped');
    await tasks.until(other, 'Stopped');
    const list = async (query: Record<string, string>) => {
      const { Tasks: found, TotalCount } = await tasks.local.call('GET', 'benchmark-tasks', query);
      expect(found.length).toBeLessThanOrEqual(TotalCount);
      return found.map(({ TaskName }: Reply) => TaskName);
    };
    expect(await list({ Order: 'asc', Sort: 'TaskName' })).toEqual([other, 'mine'].sort());
    expect(await list({ Filter: 'min' })).toEqual(['mine']);
    expect(await list({ Filter: 'echo_x', PageSize: '1' })).toHaveLength(1);
    expect(await list({ Status: 'Running' })).toEqual([]);
    expect(await list({ ServiceName: 'echo' })).toEqual([]);
    expect((await tasks.local.refused('GET', 'benchmark-tasks', { ModelId: 'x' })).code).toBe(
      'InvalidParameter',
    );
  },
  LIMIT_MS,
);

describe('the end by itself', () => {
  test(
    'after so many requests, shared by the agents',
    async () => {
      const tasks = await Tasks.open();
      const name = await tasks.create({ agentCount: 2 }, { base: { requestCount: 101 } });
      const { Reason } = await tasks.until(name, 'Stopped');
      const { Count, StatusCode } = await tasks.raw(name);
      expect([Count, StatusCode, Reason]).toEqual([101, { 200: 101 }, 'all requests are sent']);
    },
    LIMIT_MS,
  );

  test(
    'after its duration, at the rate it was told',
    async () => {
      const tasks = await Tasks.open();
      const name = await tasks.create({ duration: 2 }, { base: { qps: 40 } });
      const { Reason } = await tasks.until(name, 'Stopped');
      const { Count, Total } = await tasks.raw(name);
      expect(Reason).toBe('the duration is over');
      expect(Total).toBeGreaterThanOrEqual(2);
      expect(Count).toBeLessThanOrEqual(40 * (Total + 1));
    },
    LIMIT_MS,
  );

  test(
    'with faults, when they are to end it: a token that is none of the service is answered 401',
    async () => {
      const tasks = await Tasks.open();
      const service = { serviceName: 'echo_x', requestToken: 'wrong' };
      const name = await tasks.create({ faultAction: 'stop' }, { service });
      const { Reason } = await tasks.until(name, 'Stopped');
      expect(Reason).toContain('100 % of the requests failed, 0.1 % are tolerated');
      const { Count, StatusCode } = await tasks.raw(name);
      expect(StatusCode).toEqual({ 401: Count });
    },
    LIMIT_MS,
  );

  test(
    'a header of its own takes the place of the token',
    async () => {
      const tasks = await Tasks.open();
      const headers = ['authorization: nonsense'];
      const name = await tasks.create({}, { base: { requestCount: 3 }, http: { headers } });
      await tasks.until(name, 'Stopped');
      expect((await tasks.raw(name)).StatusCode).toEqual({ 401: 3 });
    },
    LIMIT_MS,
  );

  test(
    'scan: the rate rises to maxQPS',
    async () => {
      const tasks = await Tasks.open();
      const name = await tasks.create({
        mode: 'scan',
        minQPS: 10,
        qpsGrowthDelta: 10,
        maxQPS: 30,
        adjustInterval: 2,
      });
      const { Reason } = await tasks.until(name, 'Stopped');
      expect(Reason).toStartWith('maxQPS is reached');
      const { Total, Count } = await tasks.raw(name);
      expect(Total).toBeGreaterThanOrEqual(6);
      expect(Count).toBeLessThanOrEqual(30 * (Total + 1));
    },
    LIMIT_MS,
  );

  test(
    'scan: a service that takes 50 ms comes to a maxRT below',
    async () => {
      const tasks = await Tasks.open({ metadata: { instance: 1, cpu: 1, fake: 'slow' } });
      const name = await tasks.create({ mode: 'scan', minQPS: 20, maxRT: 40, adjustInterval: 1 });
      const { Reason } = await tasks.until(name, 'Stopped');
      expect(Reason).toMatch(/^maxRT is reached at 20 requests a second: TP99 is \d+/);
    },
    LIMIT_MS,
  );

  test(
    'auto: connections are added while that brings answers',
    async () => {
      const tasks = await Tasks.open({ metadata: { instance: 1, cpu: 1, fake: 'slow' } });
      const name = await tasks.create({ mode: 'auto', duration: 6 });
      await tasks.until(name, 'Stopped');
      const { Count, Total } = await tasks.raw(name);
      // One connection alone can't have more than 20 answers of 50 ms in a second.
      expect(Count).toBeGreaterThan(20 * Total);
    },
    LIMIT_MS,
  );

  test(
    'with an error when its service is deleted',
    async () => {
      const tasks = await Tasks.open();
      const name = await tasks.pressed();
      await tasks.local.call('DELETE', 'services/local/echo_x');
      await tasks.local.gone('echo_x');
      const { Message } = await tasks.until(name, ({ Status }) => Status === 'Error');
      expect(Message).toBe('Service [echo_x] is gone');
      expect(tasks.agents()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'with an error when more agents are asked for and its service is deleted',
    async () => {
      const tasks = await Tasks.open();
      const name = await tasks.pressed();
      await tasks.local.call('DELETE', 'services/local/echo_x');
      await tasks.local.gone('echo_x');
      // Before the task has seen it or after: neither may start an agent.
      const change = { optional: { agentCount: 3 } };
      await tasks.local.call('PUT', `benchmark-tasks/local/${name}`, {}, change).catch(() => {});
      await tasks.until(name, ({ Status }) => ['Error', 'UpdateFailed'].includes(Status));
      expect(tasks.agents()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'names are read whatever their case, and kept in the spelling of the manual',
    async () => {
      const tasks = await Tasks.open();
      const { TaskName: name } = await tasks.local.call(
        'POST',
        'benchmark-tasks',
        {},
        {
          Service: { servicename: 'echo_x' },
          Data: { Content: 'aGVsbG8=' },
          Optional: { MODE: 'manual', agentcount: 1, Duration: 60 },
        },
      );
      const { Config } = await tasks.until(name, 'Running');
      expect(JSON.parse(Config)).toMatchObject({
        service: { serviceName: 'echo_x' },
        optional: { mode: 'manual', duration: 60 },
      });
      await tasks.local.call('PUT', `benchmark-tasks/local/${name}`, {}, { optional: { AGENTCOUNT: 2 } });
      await tasks.until(name, ({ AvailableAgent }) => AvailableAgent === 2);
    },
    LIMIT_MS,
  );
});

test(
  'a service that is stopped is not tested; one that starts is waited for',
  async () => {
    const tasks = await Tasks.open();
    await tasks.local.call('PUT', 'services/local/echo_x/stop');
    await tasks.local.until('echo_x', 'Stopped');
    const failed = await tasks.create();
    const { Message } = await tasks.until(failed, ({ Status }) => Status === 'CreateFailed');
    expect(Message).toBe('Service [echo_x] is Stopped: it has no instance that could be tested');
    await tasks.local.call('PUT', 'services/local/echo_x/start');
    const name = await tasks.create({}, { base: { requestCount: 20 } });
    await tasks.until(name, 'Stopped');
    expect((await tasks.raw(name)).StatusCode).toEqual({ 200: 20 });
  },
  LIMIT_MS,
);

test(
  'an update changes the agents that run',
  async () => {
    const tasks = await Tasks.open();
    const name = await tasks.pressed({ concurrency: 1 });
    const update = async (optional: object) => {
      await tasks.local.call('PUT', `benchmark-tasks/local/${name}`, {}, { optional });
      return tasks.until(name, ({ Status }) => Status === 'Running');
    };
    const more = await update({ agentCount: 3, concurrency: 2 });
    expect([more.DesiredAgent, more.AvailableAgent]).toEqual([3, 3]);
    expect(JSON.parse(more.Config).base).toMatchObject({ agentCount: 3, concurrency: 2 });
    expect(tasks.agents()).toHaveLength(3);
    const fewer = await update({ agentCount: 1 });
    expect([fewer.DesiredAgent, fewer.AvailableAgent]).toEqual([1, 1]);
    while (tasks.agents().length > 1) await Bun.sleep(20);
    await tasks.until(name, ({ Message }) => Message === 'Benchmark task is Running');
  },
  LIMIT_MS,
);

describe('the end of Local EAS', () => {
  test(
    'kill -9 leaves no agent; the next start ends the test and keeps what it counted',
    async () => {
      const tasks = await Tasks.open();
      const name = await tasks.pressed({ agentCount: 2 });
      // What is in state.db by then survives.
      const stored = () => {
        using database = new Database(join(tasks.local.dataDir, 'state.db'), { readonly: true });
        return database.query<{ report: string | null }, []>('SELECT report FROM benchmarks').get()?.report;
      };
      while (!(stored() && JSON.parse(stored()!).Count > 0)) await Bun.sleep(50);
      const pids = tasks.agents().map(({ pid }) => pid);
      expect(pids).toHaveLength(2);
      await tasks.local.killDaemon();
      while (pids.some(isRunning)) await Bun.sleep(10);
      await tasks.local.start();
      const { Status, Reason } = await tasks.describe(name);
      expect([Status, Reason]).toEqual(['Stopped', 'Local EAS ended during the test']);
      expect((await tasks.raw(name)).Count).toBeGreaterThan(0);
      expect(tasks.agents()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'kill -9 before a test has begun: it begins after the next start, once the service has an instance',
    async () => {
      const local = new LocalUnderTest();
      opened.push(local);
      await local.start();
      const fails = { metadata: { instance: 1, cpu: 1, fake: 'fail' } };
      await local.call('POST', 'services', {}, serviceJson('echo_x', fails));
      const tasks = new Tasks(local);
      const name = await tasks.create({}, { base: { requestCount: 5 } });
      await tasks.until(name, ({ Message }) => Message === 'Waiting for an instance of service [echo_x]');
      const workspace = join(local.dataDir, 'services/echo_x/v1');
      // Its package is whole then: one that a kill cuts short is unpacked anew, without what is written here.
      await local.until('echo_x', 'Failed');
      await local.killDaemon();
      writeFileSync(join(workspace, 'repaired'), '');
      await local.start();
      await tasks.until(name, 'Stopped');
      expect((await tasks.raw(name)).StatusCode).toEqual({ 200: 5 });
    },
    LIMIT_MS,
  );

  test(
    'in order: the agents end, and the next start says why the test did',
    async () => {
      const tasks = await Tasks.open();
      const name = await tasks.pressed();
      const { info } = tasks.local;
      process.kill(info.pid, 'SIGTERM');
      while (isRunning(info.pid)) await Bun.sleep(10);
      expect(tasks.agents()).toEqual([]);
      await tasks.local.start();
      const { Status, Reason } = await tasks.describe(name);
      expect([Status, Reason]).toEqual(['Stopped', 'Local EAS ended during the test']);
      await tasks.change(name, 'start');
      await tasks.until(name, 'Running');
    },
    LIMIT_MS,
  );

  test(
    'tasks are kept for two days after their end, and then forgotten',
    async () => {
      const tasks = await Tasks.open();
      const [old, young] = [
        await tasks.create({}, { base: { requestCount: 1 } }),
        await tasks.create({}, { base: { requestCount: 1 } }),
      ];
      for (const name of [old, young]) await tasks.until(name, 'Stopped');
      await tasks.local.killDaemon();
      const database = new Database(join(tasks.local.dataDir, 'state.db'));
      const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
      for (const [name, hours] of [
        [old, 49],
        [young, 47],
      ] as const)
        database.query('UPDATE benchmarks SET ended_at = ? WHERE name = ?').run(ago(hours), name);
      database.close();
      await tasks.local.start();
      const { Tasks: left } = await tasks.local.call('GET', 'benchmark-tasks');
      expect(left.map(({ TaskName }: Reply) => TaskName)).toEqual([young]);
    },
    LIMIT_MS,
  );
});
