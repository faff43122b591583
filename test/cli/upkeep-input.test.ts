import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import { EasError } from '../../src/core/errors.ts';
import type { EasApi } from '../../src/core/service/api.ts';
import type { Instance, Service, ServiceEvent } from '../../src/core/service/model.ts';
import { fakeIo } from '../support/fake-io.ts';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { looks, runScripted, serviceOf } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

const RequestId = '1651567F-8F8D-4A2B-933D-F8D3E2DD0000';
const name = 'savedmodel_example';

/** Wrong input is said before anything is sent: the scripted API of these tests expects no call. */
describe('wrong input', () => {
  test.each<[argv: string[], what: string, hint: string]>([
    [['scale', name], "Missing required argument 'instances'", 'see eascmd help scale'],
    [['-e', 'local', 'start'], "Missing required argument 'service_name'", 'see eascmd help start'],
    [['resource', 'ls', 'x'], 'Too many arguments', 'see eascmd help resource ls'],
    [['local', 'stop', 'x'], 'Too many arguments', 'see eascmd help local stop'],
    [['resource'], 'Which command?', 'see eascmd resource --help'],
    [['scale', name, 'two'], '<instances> "two" is not a whole number', 'write it in digits, for example 1'],
    [['scale', name, '-1'], '<instances> "-1" is not a whole number', ''],
    [['scale', name, '2.5'], '<instances> "2.5" is not a whole number', ''],
    [['restart'], "Missing required argument 'service_name'", ''],
    [['restart', name, '--timeout', 'soon'], '--timeout "soon" is not a duration', '30s'],
    [['lock', name], "Missing required argument 'lock'", ''],
    [['lock', name, 'everything'], '"everything" is no lock', 'all (no change at all), dangerous'],
    [['labels', name, 'add', 'a=b'], 'labels knows no "add"', 'set <key>=<value>'],
    [['labels', name, 'set'], 'Nothing follows "set"', 'rm <key>'],
    [['labels', name, 'set', 'team'], '"team" is not <key>=<value>', ''],
    [['labels', name, 'set', '=x'], '"=x" is not <key>=<value>', ''],
    [['labels', name, 'set', 'a=1', 'a=2'], 'The label a is given twice', ''],
    [['labels', name, 'rm', 'a=1'], 'rm takes keys, not "a=1"', ''],
    [['clone', name], `The copy of service [${name}] needs a name`, 'clone savedmodel_example <new_name>'],
    [['clone', name, name], "can't be cloned to its own name", ''],
    [['clone', name, 'x', '-s', 'none.json'], "Can't read none.json: there is no such file", ''],
    [['logs', name, '--since', 'yesterday'], '--since "yesterday" is neither', '10m'],
    [['logs', name, '-n', 'all'], '--tail "all" is not a whole number', ''],
    [['logs', name, '-f', '--previous'], '--previous is over', 'leave out'],
    [['events', name, '--type', 'Bad'], '--type "Bad" is unknown', 'Normal or Warning'],
    [['events', name, '--since', '1 hour'], '--since "1 hour" is neither', ''],
    [['endpoints'], "Missing required argument 'service_name'", ''],
    [['versions', name, '1'], 'Too many arguments', ''],
    [['regions', 'cn-shanghai'], 'Too many arguments', ''],
    [['completion', 'tcsh'], 'There is no completion for "tcsh"', 'bash, zsh, fish, powershell'],
    [['completion'], "Missing required argument 'shell'", ''],
    [['help', 'scael'], "Unknown command 'scael'", 'Did you mean scale?'],
  ])('%j', async (argv, what, hint) => {
    const { code, out, err } = await runScripted(argv, {});
    expect([code, out]).toEqual([2, '']);
    expect(err).toStartWith('[ERROR] ');
    expect(err).toContain(what);
    expect(err).toContain(hint);
  });

  test('a label that the service does not have is not removed, and nothing is sent', async () => {
    const Labels = [{ LabelKey: 'stage', LabelValue: 'test' }];
    const script = { describeService: looks<Service>(serviceOf('Running', { Labels })) };
    const slip = await runScripted(['labels', name, 'rm', 'stage', 'stge'], script);
    expect([slip.code, slip.out]).toEqual([2, '']);
    expect(slip.err).toContain(`Service [${name}] has no label [stge]\n  did you mean stage?`);
    const unknown = await runScripted(['labels', name, 'rm', 'owner'], script);
    expect(unknown.err).toContain(`has no label [owner]\n  eascmd labels ${name} shows them`);
  });

  test.each([
    [['modify', name, '-Dname=other']],
    [['modify', name, '-Dmetadata.name=other', '-Dmetadata.instance=2']],
  ])('%j: no service can be renamed', async (argv) => {
    const { code, err } = await runScripted(argv, {});
    expect([code, err]).toEqual([2, expect.stringContaining(`eascmd clone ${name} other`)]);
  });

  test.each([
    ['local' as const, '/work/app.py'],
    ['cloud' as const, './app.py'],
  ])('a path given with -D goes to the %s target as %s', async (kind, expected) => {
    const target = async () => ({ kind, apiUrl: 'http://x', region: 'local', objectStoreUrl: '' });
    const argv = ['modify', name, '-Dprocessor_path=./app.py', '--dry-run'];
    const settings = async () => ({ localDataDir: '/nowhere' }) as Settings;
    const { out } = await runScripted(argv, {}, { clients: { target, settings }, host: { cwd: '/work' } });
    expect(JSON.parse(out.slice(out.indexOf('{')))).toEqual({ processor_path: expected });
  });

  test.each(['logs', 'events'])(
    '%s -f with -o json is refused: lines are not one document',
    async (command) => {
      const { code, out } = await runScripted([command, name, '-f', '-o', 'json'], {});
      expect([code, JSON.parse(out).error.code]).toEqual([2, 'WrongUsage']);
    },
  );

  test('a clone is named once', async () => {
    using folder = temporaryFolder();
    folder.write('o.json', '{"name": "other"}');
    const { code, err } = await runScripted(
      ['clone', name, 'x', '-s', 'o.json'],
      {},
      { host: { cwd: folder.path } },
    );
    expect([code, err.includes('[x] on the command line and [other] in o.json')]).toEqual([2, true]);
  });

  test('a service that is not there is exit 1 with the code of the API', async () => {
    const gone = async () => {
      throw new EasError({ code: 'InvalidService.NotFound', message: 'no service', status: 404 });
    };
    for (const argv of [
      ['restart', name],
      ['scale', name, '1'],
      ['logs', name],
      ['logs', name, '-f'],
      ['events', name, '-f'],
      ['endpoints', name],
      ['versions', name],
      ['labels', name],
      ['lock', name, 'none'],
    ]) {
      const { code, err } = await runScripted(argv, {
        describeService: gone,
        describeServiceLog: gone,
        describeServiceEvent: gone,
        describeServiceEndpoints: gone,
        listServiceVersions: gone,
        listServiceInstances: gone,
        updateServiceSafetyLock: gone,
      });
      expect([code, err.includes('InvalidService.NotFound')]).toEqual([1, true]);
    }
  });
});

describe('what is printed', () => {
  test('scale: the lines of modify -Dmetadata.instance', async () => {
    const { code, out, err } = await runScripted(['scale', name, '2'], {
      describeService: looks<Service>(
        serviceOf('Running'),
        serviceOf('Scaling', { TotalInstance: 2, RunningInstance: 1 }),
        serviceOf('Running', { TotalInstance: 2, RunningInstance: 2, PendingInstance: 0 }),
      ),
      scaleService: async () => ({
        RequestId,
        Message: `Service [${name}] in region [cn-shanghai] is scaling`,
      }),
    });
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`[RequestId]: ${RequestId}
[OK] Service [${name}] in region [cn-shanghai] is scaling
[OK] Scaling [Total: 2, Pending: 1, Running: 1]
[OK] Running [Total: 2, Pending: 0, Running: 2]
[OK] Service is running
`);
  });

  test('scale --dry-run and clone --dry-run send nothing', async () => {
    const scaled = await runScripted(['scale', name, '0', '--dry-run'], {});
    expect(scaled.out).toBe(
      `PUT https://pai-eas.cn-shanghai.aliyuncs.com/api/v2/services/cn-shanghai/${name}/scale\n{\n  "Instance": 0\n}\n`,
    );
    const cloned = await runScripted(['clone', name, 'copy', '--dry-run', '-o', 'json'], {});
    expect(JSON.parse(cloned.out)).toEqual({
      method: 'POST',
      url: `https://pai-eas.cn-shanghai.aliyuncs.com/api/v2/services/cn-shanghai/${name}/clone`,
      body: { name: 'copy' },
    });
  });

  test('endpoints: the default gateway as create shows it, others with their type', async () => {
    const describeServiceEndpoints = async () => ({
      RequestId,
      AccessToken: 'token',
      Endpoints: [
        {
          BackendId: 'default',
          EndpointType: 'DefaultGateway',
          InternetEndpoints: ['http://1.cn-shanghai.pai-eas.aliyuncs.com/api/predict/x'],
          IntranetEndpoints: ['http://1.vpc.cn-shanghai.pai-eas.aliyuncs.com/api/predict/x'],
        },
        { BackendId: 'nlb-1', EndpointType: 'Nlb', Port: 9090, IntranetEndpoints: ['nlb-1.aliyuncs.com'] },
      ],
    });
    const { out } = await runScripted(['endpoints', 'x'], { describeServiceEndpoints });
    expect(out).toBe(`[RequestId]: ${RequestId}
+-------------------------------+-------------------------------------------------------------+
|             Internet Endpoint | http://1.cn-shanghai.pai-eas.aliyuncs.com/api/predict/x     |
|             Intranet Endpoint | http://1.vpc.cn-shanghai.pai-eas.aliyuncs.com/api/predict/x |
| Intranet Endpoint (Nlb nlb-1) | nlb-1.aliyuncs.com:9090                                     |
|                         Token | token                                                       |
+-------------------------------+-------------------------------------------------------------+
`);
  });

  test('versions: all pages, with Chinese messages', async () => {
    const all = Array.from({ length: 120 }, (_, index) => ({
      ImageId: 120 - index,
      BuildTime: '2026-01-01T00:00:00Z',
      Message: '构建成功',
      ServiceRunnable: 'true',
    }));
    const script: Partial<EasApi> = {
      describeService: async () => serviceOf('Running', { CurrentVersion: 7, LatestVersion: 120 }),
      listServiceVersions: async (_name, { pageNumber, pageSize }) => ({
        RequestId,
        Versions: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
        PageNumber: pageNumber,
        PageSize: pageSize,
        TotalCount: all.length,
      }),
    };
    const { out } = await runScripted(['versions', name], script);
    const lines = out.trimEnd().split('\n');
    expect(lines[2]).toBe('| VERSION | CURRENT |      BUILDTIME      | RUNNABLE | MESSAGE  |');
    expect(lines).toHaveLength(1 + 3 + 120 + 1);
    expect(lines.filter((line) => line.includes('| yes '))).toEqual([
      expect.stringMatching(/^\| {7}7 \| yes {5}\| .* \| 构建成功 \|$/),
    ]);
    const json = JSON.parse((await runScripted(['versions', name, '-o', 'json'], script)).out);
    expect([json.CurrentVersion, json.Versions.length]).toEqual([7, 120]);
  });

  test('regions', async () => {
    const describeRegions = async () => ({
      RequestId,
      Regions: [{ RegionId: 'cn-shanghai', RegionName: '华东2（上海）' }],
    });
    const { out } = await runScripted(['regions'], { describeRegions });
    expect(out).toContain('|  REGIONID   |  REGIONNAME   |');
    expect(out).toContain('| cn-shanghai | 华东2（上海） |');
  });
});

describe('modify', () => {
  const stored = { name, metadata: { instance: 1, cpu: 1 }, processor: 'pmml' };
  const running = serviceOf('Running', { ServiceConfig: JSON.stringify(stored), UpdateTime: 'a' });
  const updateService = async () => ({ RequestId, Message: 'Succeed' });

  test('of nothing, in the cloud too, is believed at once', async () => {
    const io = fakeIo();
    const begun = io.now();
    const ran = await runScripted(
      ['modify', name, '-Dmetadata.cpu=1'],
      { describeService: async () => running, updateService },
      { io },
    );
    expect([ran.code, ran.err]).toEqual([0, '[DIFF] nothing changes\n']);
    expect(io.now() - begun).toBeLessThan(1_000);
  });

  test('of something is not believed while the answer is the old one', async () => {
    const io = fakeIo();
    const begun = io.now();
    const { code } = await runScripted(
      ['modify', name, '-Dmetadata.cpu=2'],
      { describeService: async () => running, updateService },
      { io },
    );
    expect(code).toBe(0);
    expect(io.now() - begun).toBeGreaterThanOrEqual(10_000);
  });

  test.each<[what: string, assignments: string[], sent: 'scale' | 'update']>([
    ['instances alone', ['-Dmetadata.instance=2'], 'scale'],
    ['instances and their number again', ['-Dmetadata.instance=3', '-Dmetadata.instance=2'], 'scale'],
    ['instances and something else', ['-Dmetadata.instance=2', '-Dmetadata.cpu=2'], 'update'],
    ['the name with instances', ['-Dname=savedmodel_example', '-Dmetadata.instance=2'], 'scale'],
  ])('%s', async (_what, assignments, sent) => {
    const calls: string[] = [];
    await runScripted(['modify', name, ...assignments, '--no-wait'], {
      describeService: async () => running,
      updateService: async () => {
        calls.push('update');
        return { RequestId, Message: 'm' };
      },
      scaleService: async (_name, instances) => {
        calls.push('scale');
        expect(instances).toBe(2);
        return { RequestId, Message: 'm' };
      },
    });
    expect(calls).toEqual([sent]);
  });

  test('--diff tells of the version that model information adds, and sends nothing', async () => {
    const { code, out } = await runScripted(['modify', name, '-Dmodel_path=http://x/m.pmml', '--diff'], {
      describeService: async () => running,
    });
    expect([code, out]).toEqual([
      0,
      '[DIFF] model_path: (none) -> "http://x/m.pmml"\n[DIFF] version: 1 -> 2\n',
    ]);
  });
});

describe('following', () => {
  const page = (Logs: string[], TotalCount = Logs.length) => ({
    RequestId,
    Logs,
    PageNum: 1,
    TotalCount,
    TotalPageNum: 1,
  });
  const instances = (...names: string[]) => ({
    RequestId,
    PageNumber: 1,
    PageSize: 100,
    TotalCount: names.length,
    Instances: names.map((InstanceName) => ({ InstanceName }) as Instance),
  });
  const dropped = new EasError({ code: 'ConnectionLost', message: 'the connection broke' });

  /** Runs until the answers are used up, then Ctrl-C. */
  async function followed(argv: string[], script: (end: () => void) => Partial<EasApi>) {
    const io = fakeIo();
    const ran = await runScripted(
      argv,
      script(() => io.signal('SIGINT')),
      { io },
    );
    return { ...ran, listeners: io.listeners() };
  }
  function sequence<T>(end: () => void, ...answers: (T | Error)[]): () => Promise<T> {
    let at = 0;
    return async () => {
      if (at === answers.length - 1) end();
      const answer = answers[Math.min(at++, answers.length - 1)]!;
      if (answer instanceof Error) throw answer;
      return answer;
    };
  }

  test('logs: a lost connection is noted once, and nothing is lost or repeated', async () => {
    const ran = await followed(['logs', name, '-f'], (end) => ({
      listServiceInstances: async () => instances('i-1'),
      describeServiceLog: sequence(
        end,
        page(['a', 'b']),
        page(['a', 'b', 'c']),
        dropped,
        dropped,
        page(['a', 'b', 'c', 'd', 'e']),
        page(['a', 'b', 'c', 'd', 'e', 'f']),
      ),
    }));
    expect(ran.out).toBe('a\nb\nc\nd\ne\nf\n');
    expect([ran.code, ran.listeners]).toEqual([130, 0]);
    expect(ran.err.match(/trying again/g)).toHaveLength(1);
    expect(ran.err).toContain('[INFO] connected again');
  });

  test('logs: names stand before the lines once there are several instances', async () => {
    let looked = 0;
    const logs: Record<string, string[][]> = {
      'i-1': [['one'], ['one'], ['one', 'more']],
      'i-2': [[], ['two'], ['two']],
    };
    const turn: Record<string, number> = {};
    const ran = await followed(['logs', name, '-f'], (end) => ({
      listServiceInstances: async () => {
        if (++looked === 4) end();
        return looked === 1 ? instances('i-1') : instances('i-1', 'i-2');
      },
      describeServiceLog: async (_name, { instanceName }) => {
        const at = turn[instanceName!] ?? 0;
        turn[instanceName!] = at + 1;
        const of = logs[instanceName!]!;
        return page(of[Math.min(at, of.length - 1)]!);
      },
    }));
    expect(ran.out.split('\n').sort()).toEqual(['', '[i-1] more', '[i-2] two', 'one']);
  });

  test('logs: a refusal ends it', async () => {
    const denied = new EasError({ code: 'Forbidden.RAM', message: 'no', status: 403, exit: 4 });
    const { code, err } = await runScripted(['logs', name, '-f'], {
      listServiceInstances: async () => {
        throw denied;
      },
    });
    expect([code, err.includes('Forbidden.RAM')]).toEqual([4, true]);
  });

  test('events: oldest first, each once, also two that look the same', async () => {
    const event = (second: number, Message: string): ServiceEvent => ({
      Time: `2026-01-01 00:00:0${second}`,
      Type: 'Normal',
      Reason: 'Test',
      Message,
    });
    const reply = (...Events: ServiceEvent[]) => ({ RequestId, Events, TotalCount: Events.length });
    const [a, b, c] = [event(1, 'a'), event(2, 'b'), event(2, 'c')];
    const ran = await followed(['events', name, '-f'], (end) => ({
      describeServiceEvent: sequence(end, reply(b, a), reply(b), reply(b, b), reply(c, b, b), reply(c, b, b)),
    }));
    const shown = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^.* Test: /, ''));
    expect([shown, ran.code]).toEqual([['a', 'b', 'b', 'c'], 130]);
  });

  test('events: a burst of more than a page is shown whole, though events come between the pages', async () => {
    const event = (id: number): ServiceEvent => ({
      Time: '2026-01-01 00:00:01',
      Type: 'Normal',
      Reason: 'Test',
      Message: `${id}`,
    });
    let known = 1;
    let looks = 0;
    const ran = await followed(['events', name, '-f'], (end) => ({
      describeServiceEvent: async (_name, query) => {
        const pageNum = Number(query?.pageNum ?? 1);
        if (pageNum === 1 && ++looks === 2) known += 250;
        if (pageNum === 1 && looks === 4) end();
        if (pageNum === 2 && looks === 2) known += 3;
        const newestFirst = Array.from({ length: known }, (_, at) => event(known - at));
        const Events = newestFirst.slice((pageNum - 1) * 100, pageNum * 100);
        return { RequestId, Events, TotalCount: known };
      },
    }));
    const shown = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.replace(/^.* Test: /, '')));
    expect(shown).toEqual(Array.from({ length: 254 }, (_, at) => at + 1));
  });
});

describe('against Local EAS', () => {
  let local: LiveLocal;
  beforeAll(async () => {
    local = await liveLocal();
  });
  afterAll(() => local?.stop());

  test('a dry run with -e local starts nothing and writes nothing', async () => {
    using home = temporaryFolder();
    home.write(
      'service.json',
      JSON.stringify({
        name: 'echo',
        processor_path: './app.py',
        processor_type: 'python',
        processor_entry: './app.py',
        metadata: { instance: 1, cpu: 1 },
      }),
    );
    const env = { HOME: home.path, EAS_LOCAL_DATA_DIR: join(home.path, 'state') };
    for (const argv of [
      ['create', join(home.path, 'service.json'), '--dry-run'],
      ['modify', 'echo', '-Dmetadata.instance=2', '--dry-run'],
      ['scale', 'echo', '2', '--dry-run'],
    ]) {
      const { code, out } = await local.eas(argv, { env });
      expect([code, out.includes('http://127.0.0.1:18500/api/v2/services')]).toEqual([0, true]);
    }
    expect(existsSync(join(home.path, 'state'))).toBe(false);
  });
});
