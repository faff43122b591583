import { describe, expect, test } from 'bun:test';
import type { BenchmarkTaskDetail } from '../../src/core/benchmark/api.ts';
import { EasError } from '../../src/core/errors.ts';
import type { EasApi } from '../../src/core/service/api.ts';
import { type FakeIoOptions, fakeIo } from '../support/fake-io.ts';
import { looks, runScripted } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** The samples of eascmd.md 2.14, line for line, against a scripted API. */
const RequestId = 'DE240637-4976-59AF-A28C-BAA55C0A0000';
const name = 'benchmark-servicename-example-b514';
const reply = (verb: string) => async () => ({ RequestId, Message: `Benchmark task [${name}] is ${verb}` });
const created = async () => ({ ...(await reply('Creating')()), Region: 'cn-shanghai', TaskName: name });
const master = 'Succeed to start benchmark master';
const at = (Status: string, AvailableAgent: number, Message: string, more: object = {}) =>
  ({
    RequestId,
    TaskName: name,
    Status,
    AvailableAgent,
    DesiredAgent: 1,
    Message,
    ...more,
  }) as BenchmarkTaskDetail;
const starting = at('Starting', 0, master);
const running = at('Running', 1, 'Benchmark task is Running');
const stopping = at('Stopping', 0, 'Benchmark task is Running');
const stopped = at('Stopped', 0, 'Benchmark task is Stopped');
const gone = new EasError({ code: 'InvalidBenchmarkTask.NotFound', message: 'not found', status: 404 });
const question = (verb: string) =>
  `Are you sure to ${verb} the benchmark task [${name}] in [cn-shanghai]? [Y/n] `;
const document = {
  service: { serviceName: 'servicename_example' },
  data: { content: 'aGVsbG8=' },
  optional: { mode: 'manual', duration: 60 },
};

async function run(
  argv: string[],
  script: Partial<EasApi>,
  options: FakeIoOptions = {},
  file: unknown = document,
) {
  using folder = temporaryFolder();
  folder.write('bench.json', JSON.stringify(file));
  return await runScripted(argv, script, { host: { cwd: folder.path }, ...options });
}
const lines = (text: string) => text.trimEnd().split('\n');

// Looks are made at 200 ms on the clock of the test, so each different one is seen once.
describe('create', () => {
  test('waits with the lines of the sample; without a terminal it ends when the task runs', async () => {
    const sent: unknown[] = [];
    const { code, out, err } = await run(['bench', 'create', 'bench.json'], {
      createBenchmarkTask: async (body) => {
        sent.push(body);
        return created();
      },
      describeBenchmarkTask: looks(starting, running),
    });
    expect(sent).toEqual([document]);
    expect([code, err]).toEqual([0, '']);
    expect(lines(out)).toEqual([
      `[RequestId]: ${RequestId}`,
      `[OK] Task [${name}] is creating`,
      `[OK] [Agnet: 0/1]: ${master}`,
      '[OK] [Agnet: 1/1]: Benchmark task is Running',
      '[OK] Benchmark task is Running',
      `[OK] To observe realtime visualization details: eascmd bench visualize ${name}`,
    ]);
  });

  test('a line that stands is repeated every three seconds, as in the sample', async () => {
    const { out } = await run(['bench', 'create', 'bench.json'], {
      createBenchmarkTask: created,
      describeBenchmarkTask: looks(...Array<BenchmarkTaskDetail>(16).fill(starting), running),
    });
    expect(lines(out).filter((line) => line.includes(master))).toHaveLength(2);
  });

  test('on a terminal the page follows, until Ctrl-C', async () => {
    const io = fakeIo({ isTty: true, stdinIsTty: true, isRealTime: true });
    const ended = run(
      ['-c', 'my.conf', 'bench', 'create', 'bench.json'],
      {
        createBenchmarkTask: created,
        describeBenchmarkTask: looks(running),
        describeBenchmarkTaskReport: async () => ({ RequestId, Data: { Count: 7 } as never }),
      },
      { io } as FakeIoOptions,
    );
    while (!io.out().includes('bench visualize')) await Bun.sleep(10);
    const url = /http:\/\/127\.0\.0\.1:\d+\/eas-benchmark\/statsview/.exec(io.out())![0];
    expect(lines(io.out()).slice(-4)).toEqual([
      '[OK] Benchmark task is Running',
      `[OK] Click the link ${url} to observe realtime visualization details, you can turn it off with CTRL+C.`,
      'Turning off will not interrupt the benchmark test task, and you can reopen it by the visualize command:',
      `eascmd -c my.conf bench visualize ${name}`,
    ]);
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain(name);
    expect(await (await fetch(`${url}/data`)).json()).toMatchObject({
      task: { Status: 'Running' },
      data: { Count: 7 },
    });
    io.signal('SIGINT');
    expect((await ended).code).toBe(130);
    expect(io.err()).toContain('the benchmark task goes on');
    await expect(fetch(url)).rejects.toThrow();
  });

  test('--no-visualize ends there on a terminal, too', async () => {
    const { code, out } = await run(
      ['bench', 'create', 'bench.json', '--no-visualize'],
      { createBenchmarkTask: created, describeBenchmarkTask: looks(running) },
      { isTty: true, stdinIsTty: true },
    );
    expect([code, lines(out).at(-1)]).toEqual([0, expect.stringContaining('To observe realtime')]);
  });

  test('-o json is one document, with the task as it was seen last', async () => {
    const { code, out } = await run(
      ['bench', 'create', 'bench.json', '-o', 'json'],
      { createBenchmarkTask: created, describeBenchmarkTask: looks(starting, running) },
      { isTty: true, stdinIsTty: true },
    );
    expect([code, JSON.parse(out)]).toEqual([0, running]);
  });

  test('--no-wait returns at once', async () => {
    const { code, out } = await run(['bench', 'create', 'bench.json', '--no-wait'], {
      createBenchmarkTask: created,
    });
    expect([code, lines(out).at(-1)]).toEqual([
      0,
      `[OK] Not waiting; to watch the task: eascmd bench desc ${name}`,
    ]);
  });

  test('--dry-run prints the request, secrets masked, and sends nothing', async () => {
    const { code, out } = await run(
      ['bench', 'create', 'bench.json', '--dry-run'],
      {},
      {},
      { ...document, service: { serviceName: 's', requestToken: 'hidden' } },
    );
    expect(code).toBe(0);
    expect(out).toStartWith('POST https://pai-eas.cn-shanghai.aliyuncs.com/api/v2/benchmark-tasks\n{\n');
    expect(out).not.toContain('hidden');
  });

  test('what its mode has no use for is warned of, and sent', async () => {
    const file = { ...document, optional: { concurrency: 4 } };
    const { code, err } = await run(
      ['bench', 'create', 'bench.json', '--no-wait'],
      { createBenchmarkTask: created },
      {},
      file,
    );
    expect(code).toBe(0);
    expect(err).toContain('[WARN] bench.json:1:');
    expect(err).toContain('optional.concurrency is for mode manual');
  });
});

describe('the four outcomes of a wait', () => {
  const create = (describeBenchmarkTask: EasApi['describeBenchmarkTask'], argv: string[] = []) =>
    run(['bench', 'create', 'bench.json', ...argv], { createBenchmarkTask: created, describeBenchmarkTask });

  test('failed: the reason, exit 1', async () => {
    const { code, err } = await create(looks(at('CreateFailed', 0, 'data.path oss://b/k: no such object')));
    expect(code).toBe(1);
    expect(err).toContain(`Benchmark task [${name}] is CreateFailed: data.path oss://b/k: no such object`);
  });

  test('failed: somebody deleted it', async () => {
    const { code, err } = await create(looks<BenchmarkTaskDetail>(starting, gone));
    expect([code, err]).toEqual([1, expect.stringContaining('is gone')]);
  });

  test('timed out: exit 8, nothing is undone', async () => {
    const { code, err } = await create(looks(starting), ['--timeout', '5s']);
    expect(code).toBe(8);
    expect(err).toContain(`was not ready after 5 s; it is Starting: ${master}`);
    expect(err).toContain(`nothing is undone; watch it again with: eascmd bench desc ${name}`);
  });

  test('interrupted: exit 130, and how to go on', async () => {
    const io = fakeIo({ isRealTime: true });
    const ended = run(
      ['bench', 'create', 'bench.json'],
      { createBenchmarkTask: created, describeBenchmarkTask: looks(starting) },
      { io } as FakeIoOptions,
    );
    while (!io.out().includes('Agnet')) await Bun.sleep(10);
    io.signal('SIGINT');
    expect((await ended).code).toBe(130);
    expect(io.err()).toContain('nothing is undone, the benchmark task goes on');
    expect(io.err()).toContain(`eascmd bench desc ${name}`);
  });

  test('done: a short task may be over before anybody looked', async () => {
    const { code, out } = await create(looks(starting, stopped));
    expect([code, out]).toEqual([0, expect.stringContaining('[OK] Benchmark task is stopped\n')]);
  });
});

test('stop', async () => {
  const { code, out, err } = await run(
    ['bench', 'stop', name],
    { stopBenchmarkTask: reply('Stopping'), describeBenchmarkTask: looks(stopping, stopped) },
    { stdin: 'Y\n' },
  );
  expect([code, err]).toEqual([0, `${question('stop')}\n`]);
  expect(lines(out)).toEqual([
    `[OK] Task [${name}] is stopping`,
    '[OK] [Agnet: 0/1]: Benchmark task is Running',
    '[OK] [Agnet: 0/1]: Benchmark task is Stopped',
    '[OK] Benchmark task is stopped',
  ]);
});

test('start; an answer from before the change is not believed', async () => {
  const { code, out, err } = await run(
    ['bench', 'start', name],
    {
      startBenchmarkTask: reply('Starting'),
      describeBenchmarkTask: looks(stopped, stopped, starting, running),
    },
    { stdin: 'Y\n' },
  );
  expect([code, err]).toEqual([0, `${question('start')}\n`]);
  expect(lines(out)).toEqual([
    `[OK] Task [${name}] is starting`,
    '[OK] [Agnet: 0/1]: Benchmark task is Stopped',
    `[OK] [Agnet: 0/1]: ${master}`,
    '[OK] [Agnet: 1/1]: Benchmark task is Running',
    '[OK] Benchmark task is Running',
    `[OK] To observe realtime visualization details: eascmd bench visualize ${name}`,
  ]);
});

test('delete', async () => {
  const { code, out, err } = await run(
    ['bench', 'delete', name],
    {
      deleteBenchmarkTask: reply('Deleting'),
      describeBenchmarkTask: looks<BenchmarkTaskDetail>(at('Deleting', 0, ''), at('Deleting', 0, ''), gone),
    },
    { stdin: 'Y\n' },
  );
  expect([code, err]).toEqual([0, `${question('delete')}\n`]);
  expect(lines(out)).toEqual([
    `[OK] Benchmark task ${name} is Deleting`,
    '[OK] Benchmark task was deleted successfully',
  ]);
});

describe('the question', () => {
  test.each(['stop', 'start', 'delete'])(
    '%s: no is exit 1, nobody to ask exit 2, and nothing is sent',
    async (verb) => {
      const no = await run(['bench', verb, name], {}, { stdin: 'n\n' });
      expect([no.code, no.err]).toEqual([1, expect.stringContaining('the answer was no')]);
      const nobody = await run(['bench', verb, name], {}, { stdin: '' });
      expect([nobody.code, nobody.out]).toEqual([2, '']);
    },
  );

  test.each(['-y', '--force'])('%s skips it', async (flag) => {
    const { code, err } = await run(['bench', 'stop', name, flag, '--no-wait'], {
      stopBenchmarkTask: reply('Stopping'),
    });
    expect([code, err]).toEqual([0, '']);
  });
});

describe('update', () => {
  const updated = (more: object = {}) => at('Running', 1, 'Benchmark task is Updating', more);
  const change = ['-Doptional.concurrency=4', '-Doptional.agentCount=1'];

  test('sends what changes and waits with the line of the sample', async () => {
    const sent: unknown[] = [];
    const { code, out, err } = await run(['bench', 'update', name, ...change], {
      updateBenchmarkTask: async (...args) => {
        sent.push(...args);
        return reply('Updating')();
      },
      describeBenchmarkTask: looks(running, updated()),
    });
    expect(sent).toEqual([name, { optional: { concurrency: 4, agentCount: 1 } }]);
    expect([code, err]).toEqual([0, '']);
    expect(lines(out)).toEqual([
      `[RequestId]: ${RequestId}`,
      `[OK] Running [TaskName: ${name}, DesiredAgent:1, AvailableAgent: 1, Message: Benchmark task is Updating]`,
      `[OK] Benchmark task ${name} was updated successfully`,
    ]);
  });

  test.each([
    ['scan', { optional: { mode: 'scan' } }],
    ['auto', {}],
  ])('a task in mode %s is refused before anything is sent', async (mode, config) => {
    const { code, err } = await run(['bench', 'update', name, ...change], {
      describeBenchmarkTask: looks(at('Running', 1, '', { Config: JSON.stringify(config) })),
    });
    expect([code, err]).toEqual([2, expect.stringContaining(`is in mode ${mode}`)]);
  });

  test('of a task whose document is not told, the service is the judge', async () => {
    const { code, err } = await run(['bench', 'update', name, ...change], {
      describeBenchmarkTask: looks(running),
      updateBenchmarkTask: () =>
        Promise.reject(
          new EasError({ code: 'InvalidBenchmarkTask.Mode', message: 'not manual', status: 400 }),
        ),
    });
    expect([code, err]).toEqual([1, expect.stringContaining('InvalidBenchmarkTask.Mode')]);
  });

  test('that fails is told', async () => {
    const { code, err } = await run(['bench', 'update', name, ...change], {
      updateBenchmarkTask: reply('Updating'),
      describeBenchmarkTask: looks(running, at('UpdateFailed', 0, 'no agent')),
    });
    expect([code, err]).toEqual([1, expect.stringContaining('is UpdateFailed: no agent')]);
  });

  test('--dry-run', async () => {
    const { out } = await run(['bench', 'update', name, '-Dbase.qps=20', '--dry-run'], {});
    expect(lines(out)[0]).toBe(
      `PUT https://pai-eas.cn-shanghai.aliyuncs.com/api/v2/benchmark-tasks/cn-shanghai/${name}`,
    );
    expect(JSON.parse(lines(out).slice(1).join('\n'))).toEqual({ base: { qps: 20 } });
  });
});

describe('list and desc', () => {
  const tasks = Array.from({ length: 150 }, (_, index) => ({ TaskName: `t${index}`, Status: 'Stopped' }));

  test('ls walks all pages; the RequestId is that of the first', async () => {
    const { out } = await run(['bench', 'ls', '-o', 'json'], {
      listBenchmarkTasks: async ({ pageNumber, pageSize }) => ({
        RequestId: `R${pageNumber}`,
        PageNumber: pageNumber,
        PageSize: pageSize,
        TotalCount: tasks.length,
        Tasks: tasks.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
      }),
    });
    expect(JSON.parse(out)).toEqual({ RequestId: 'R1', Tasks: tasks });
  });

  test('desc takes region and times from the list, where the API has them', async () => {
    const asked: unknown[] = [];
    const { out } = await run(['bench', 'desc', name], {
      describeBenchmarkTask: looks(running),
      listBenchmarkTasks: async (query) => {
        asked.push(query);
        const more = { Region: 'cn-shanghai', CreateTime: 'yesterday', TaskId: 'eas-b-1' };
        const Tasks = [
          { ...running, ...more, TaskName: `${name}-2`, Region: 'no' },
          { ...running, ...more },
        ];
        return { RequestId, PageNumber: 1, PageSize: 100, TotalCount: 2, Tasks };
      },
    });
    expect(asked).toEqual([{ pageNumber: 1, pageSize: 100, filter: name }]);
    expect(out).toMatch(/\| {9}Region \| cn-shanghai /);
    expect(out).toMatch(/\| {5}CreateTime \| yesterday /);
    expect(out).toMatch(/\| {9}Config \| {2}/);
  });
});

test('desc shows the beginning of a large request; -o json has all of it', async () => {
  const content = 'A'.repeat(100_000);
  const Config = JSON.stringify({ data: { content } });
  const script: Partial<EasApi> = {
    describeBenchmarkTask: looks(at('Running', 1, '', { Config })),
    listBenchmarkTasks: async () => ({ RequestId, PageNumber: 1, PageSize: 100, TotalCount: 0, Tasks: [] }),
  };
  const { out } = await run(['bench', 'desc', name], script);
  expect(out).toContain(`"${'A'.repeat(200)}…`);
  expect(out).toContain('(100000 characters)"');
  expect(Math.max(...lines(out).map((line) => line.length))).toBeLessThan(300);
  const whole = await run(['bench', 'desc', name, '-o', 'json'], script);
  expect(JSON.parse(whole.out).Config).toBe(Config);
});

describe('report', () => {
  const ReportUrl = `http://eas-benchmark.oss-cn-chengdu.aliyuncs.com/summary/${name}-10004.html`;

  test('of a stopped task', async () => {
    const asked: unknown[] = [];
    const { code, out } = await run(['bench', 'report', name], {
      describeBenchmarkTask: looks(stopped),
      describeBenchmarkTaskReport: async (...args) => {
        asked.push(...args);
        return { RequestId, ReportUrl };
      },
    });
    expect(asked).toEqual([name, 'Report']);
    expect([code, out]).toEqual([0, `[OK] Benchmark task ${name} report url: ${ReportUrl}\n`]);
  });

  test('of one that runs there is none', async () => {
    const { code, err } = await run(['bench', 'report', name], { describeBenchmarkTask: looks(running) });
    expect(code).toBe(1);
    expect(err).toContain(`Benchmark task [${name}] is Running: its report is there when it is Stopped`);
    expect(err).toContain(`eascmd bench stop ${name}`);
  });
});

describe('visualize', () => {
  const data = { Count: 1 } as never;

  test('without a terminal it serves until the task is over: nothing waits for a person', async () => {
    const { code, out } = await run(['bench', 'visualize', name], {
      describeBenchmarkTask: looks(running, running, stopped),
      describeBenchmarkTaskReport: async () => ({ RequestId, Data: data }),
    });
    expect([code, lines(out)]).toEqual([
      0,
      [
        expect.stringMatching(
          /^\[OK\] Click the link http:\/\/127\.0\.0\.1:\d+\/eas-benchmark\/statsview to observe/,
        ),
        'Turning off will not interrupt the benchmark test task, and you can reopen it by the visualize command:',
        `eascmd bench visualize ${name}`,
      ],
    ]);
  });

  test('-o json is refused before anything is sent', async () => {
    const { code, out } = await run(['bench', 'visualize', name, '-o', 'json'], {});
    expect([code, JSON.parse(out).error.code]).toEqual([2, 'WrongUsage']);
  });

  test('a port that is taken is named', async () => {
    using taken = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('') });
    const { code, err } = await run(['bench', 'visualize', name, '--port', String(taken.port)], {
      describeBenchmarkTask: looks(running),
      describeBenchmarkTaskReport: async () => ({ RequestId, Data: data }),
    });
    expect([code, err]).toEqual([1, expect.stringContaining(`Can't listen on port ${taken.port}`)]);
  });

  test('trouble is shown on the page, which goes on; another site can read nothing', async () => {
    const io = fakeIo({ isTty: true, isRealTime: true });
    const trouble = new EasError({ code: 'ServiceUnavailable', message: 'try later', status: 503 });
    const ended = run(
      ['bench', 'visualize', name],
      {
        describeBenchmarkTask: looks<BenchmarkTaskDetail>(running, { ...running, Token: 'secret' }, trouble),
        describeBenchmarkTaskReport: async () => ({ RequestId, Data: JSON.stringify({ Count: 3 }) as never }),
      },
      { io } as FakeIoOptions,
    );
    while (!io.out().includes('bench visualize')) await Bun.sleep(10);
    const url = /http:\S+statsview/.exec(io.out())![0];
    const state = async () => (await (await fetch(`${url}/data`)).json()) as { trouble?: string };
    expect(JSON.stringify(await state())).not.toContain('secret');
    while (!(await state()).trouble) await Bun.sleep(50);
    expect(await state()).toMatchObject({ trouble: 'try later; trying again', data: { Count: 3 } });
    const statuses = await Promise.all([
      fetch(url, { headers: { host: 'evil.example' } }),
      fetch(url, { method: 'POST' }),
      fetch(url.replace('statsview', 'other')),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([403, 405, 404]);
    io.signal('SIGTERM');
    expect((await ended).code).toBe(143);
  });
});

test('a path of this machine is for Local EAS only', async () => {
  const file = { ...document, data: { path: 'oss://b/a.bin, ./requests.bin' } };
  const { code, err } = await run(['bench', 'create', 'bench.json'], {}, {}, file);
  expect([code, err]).toEqual([
    2,
    expect.stringContaining('data.path ./requests.bin is a path of this machine'),
  ]);
});
