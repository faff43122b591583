import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import type { Instance, Service } from '../../src/core/service/model.ts';
import { fakeIo } from '../support/fake-io.ts';
import { looks, runScripted, serviceOf } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

const RequestId = '1651567F-8F8D-4A2B-933D-F8D3E2DD0000';
const name = 'savedmodel_example';
const gone = new EasError({ code: 'InvalidService.NotFound', message: `no service ${name}`, status: 404 });
const IntranetEndpoint = `http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/${name}`;
const AccessToken = 'YjQxZDYzZTBiZTZjMzQ5ZmE0MzczZjIxMGZiNzZmMDBkY2VjMDg4****';
const image = `registry-vpc.cn-shanghai.aliyuncs.com/eas/${name}_cn-shanghai:v0.0.1-20190224001315`;

const created = {
  createService: async () => ({
    RequestId,
    ServiceId: 'eas-m-1',
    ServiceName: name,
    Region: 'cn-shanghai',
    Status: 'Creating',
    IntranetEndpoint,
  }),
};
const creating = (Message: string) => serviceOf('Creating', { Message, AccessToken, IntranetEndpoint });
const description = {
  name,
  processor: 'tensorflow_cpu_1.15',
  model_path: 'http://models.example.com/savedmodel_example.tar.gz',
  metadata: { instance: 1, cpu: 1 },
};

async function create(argv: string[], script: object, options = {}) {
  using folder = temporaryFolder();
  folder.write('service.json', JSON.stringify(description));
  const host = { cwd: folder.path };
  return await runScripted(
    ['create', 'service.json', ...argv],
    { ...created, ...script },
    { host, ...options },
  );
}

describe('create', () => {
  test('prints the transcript of eascmd.md 2.4', async () => {
    const { code, out, err } = await create([], {
      describeService: looks<Service>(
        creating('Creating api gateway'),
        creating('Creating api gateway'),
        creating(`Building image [${image}]`),
        creating(`Pushing image [${image}]`),
        serviceOf('Waiting'),
        serviceOf('Running'),
      ),
    });
    expect(out).toBe(`[RequestId]: ${RequestId}
+-------------------+----------------------------------------------------------------------------+
| Intranet Endpoint | http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/savedmodel_example |
|             Token | YjQxZDYzZTBiZTZjMzQ5ZmE0MzczZjIxMGZiNzZmMDBkY2VjMDg4****                   |
+-------------------+----------------------------------------------------------------------------+
[OK] Creating api gateway
[OK] Building image [${image}]
[OK] Pushing image [${image}]
[OK] Waiting [Total: 1, Pending: 1, Running: 0]
[OK] Running [Total: 1, Pending: 0, Running: 1]
[OK] Service is running
`);
    expect([code, err]).toEqual([0, '']);
  });

  test('-o json prints one document at the end', async () => {
    const { out } = await create(['-o', 'json'], {
      describeService: looks<Service>(serviceOf('Waiting'), serviceOf('Running')),
    });
    expect(JSON.parse(out)).toMatchObject({ RequestId, Status: 'Running' });
  });

  test('--no-wait returns at once and says how to watch', async () => {
    const { code, out } = await create(['--no-wait'], { describeService: looks(creating('x')) });
    expect(code).toBe(0);
    expect(out).toEndWith(`[OK] Not waiting; to watch the service: eascmd wait ${name}\n`);
  });

  test('a failure ends the wait at once with the reason and the last log lines', async () => {
    const instances: Partial<Instance>[] = [
      { InstanceName: 'a-0', Status: 'Terminating', ReadyProcesses: 0, TotalProcesses: 1 },
      { InstanceName: 'a-1', Status: 'Running', ReadyProcesses: 1, TotalProcesses: 1 },
      { InstanceName: 'a-2', Status: 'CrashLoopBackOff', ReadyProcesses: 0, TotalProcesses: 1 },
    ];
    const asked: unknown[] = [];
    const { code, out, err } = await create([], {
      describeService: looks<Service>(
        serviceOf('Waiting'),
        serviceOf('Failed', { Message: 'instance a-2 exited with code 1' }),
      ),
      listServiceInstances: async () => ({
        Instances: instances as Instance[],
        PageNumber: 1,
        PageSize: 100,
        TotalCount: 3,
        RequestId,
      }),
      describeServiceLog: async (_name: string, query: object) => {
        asked.push(query);
        const Logs = ['Traceback (most recent call last):', "ModuleNotFoundError: No module named 'numpy'"];
        return { RequestId, Logs, PageNum: 1, TotalCount: 2, TotalPageNum: 1 };
      },
    });
    expect(code).toBe(1);
    expect(asked).toMatchObject([{ instanceName: 'a-2' }]);
    expect(err).toContain('instance [a-2]: instance a-2 exited with code 1');
    expect(err).toContain("    ModuleNotFoundError: No module named 'numpy'");
    expect(out).not.toContain('Service is running');
  });

  test('the end of time is told apart from failure: exit 8, the state, the line to resume', async () => {
    const { code, err } = await create(['--timeout', '5s'], { describeService: looks(serviceOf('Waiting')) });
    expect(code).toBe(8);
    expect(err).toContain('was not ready after 5 s; it is Waiting [Total: 1, Pending: 1, Running: 0]');
    expect(err).toContain(`eascmd wait ${name}`);
  });

  test('the end of time shows what the instance that is not ready was doing', async () => {
    const instance = { InstanceName: 'a-1', Status: 'Running', ReadyProcesses: 0, TotalProcesses: 1 };
    const Logs = Array.from({ length: 9 }, (_, at) => `shard ${at} of 40 is loaded`);
    const { code, err } = await create(['--timeout', '5s'], {
      describeService: looks(serviceOf('Waiting')),
      listServiceInstances: async () => ({
        Instances: [instance as Instance],
        PageNumber: 1,
        PageSize: 100,
        TotalCount: 1,
        RequestId,
      }),
      describeServiceLog: async () => ({ RequestId, Logs, PageNum: 1, TotalCount: 9, TotalPageNum: 1 }),
    });
    expect(code).toBe(8);
    expect(err).toContain('    the log of instance [a-1] ends with:\n    shard 4 of 40 is loaded\n');
    expect(err).toContain('    shard 8 of 40 is loaded\n  nothing is undone');
  });

  test.each([
    [['stop', name], 'Stopping', 'was not stopped after 5 s; it is Stopping'],
    [['delete', name, '-y'], 'Deleting', 'was not deleted after 5 s; it is Deleting'],
    [['wait', name], 'Updating', 'was still changing after 5 s; it is Updating'],
  ])('%j says what has not come', async ([verb = '', ...rest], status, said) => {
    const reply = async () => ({ RequestId, Message: 'accepted' });
    const script = {
      stopService: reply,
      deleteService: reply,
      describeService: looks<Service>(serviceOf('Running'), serviceOf(status)),
    };
    const { code, err } = await runScripted([verb, ...rest, '--timeout', '5s'], script);
    expect(code).toBe(8);
    expect(err).toContain(`Service [${name}] ${said}`);
    expect(err).toContain(`eascmd wait ${name}`);
  });

  test('a wait for room says once what is missing, beside the documented lines', async () => {
    const Message = 'Insufficient resources in resource group [eas-r-big]: an instance asks for 8 cores';
    const { code, out, err } = await create([], {
      describeService: looks<Service>(
        serviceOf('Waiting', { Message }),
        ...Array(20).fill(serviceOf('Waiting', { Message })),
        serviceOf('Running'),
      ),
    });
    expect([code, err]).toEqual([0, `[WARN] Waiting for room: ${Message}\n`]);
    expect(out).toEndWith('[OK] Running [Total: 1, Pending: 0, Running: 1]\n[OK] Service is running\n');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s during the wait: nothing undone, the line to resume, exit %i', async (signal, expected) => {
    const io = fakeIo();
    const describeService = async () => {
      if (io.out().includes('Waiting')) io.signal(signal);
      return serviceOf('Waiting');
    };
    const { code, out, err } = await create([], { describeService }, { io });
    expect(code).toBe(expected);
    expect(out).toEndWith('[OK] Waiting [Total: 1, Pending: 1, Running: 0]\n');
    expect(err).toContain('nothing is undone');
    expect(err).toContain(`  eascmd wait ${name}\n`);
    expect(io.listeners()).toBe(0);
  });

  test('a second Ctrl-C leaves at once', async () => {
    const io = fakeIo();
    const describeService = async () => {
      io.signal('SIGINT');
      io.signal('SIGINT');
      return serviceOf('Waiting');
    };
    await create([], { describeService }, { io });
    expect(io.deaths).toEqual(['SIGINT']);
  });

  test('an API that hangs does not keep an interrupted command', async () => {
    const io = fakeIo();
    const createService = () => {
      queueMicrotask(() => io.signal('SIGINT'));
      return new Promise<never>(() => {});
    };
    expect((await create([], { createService }, { io })).code).toBe(130);
  });

  test('--dry-run sends nothing', async () => {
    const unexpected = () => Promise.reject(new Error('sent'));
    const { code, out } = await create(['--dry-run'], { createService: unexpected });
    expect(code).toBe(0);
    expect(out).toStartWith('POST https://pai-eas.cn-shanghai.aliyuncs.com/api/v2/services\n{');
  });
});

describe('delete', () => {
  const Message = `Service [${name}] in region [cn-shanghai] is terminating`;
  const script = () => ({
    deleteService: async () => ({ RequestId, Message }),
    describeService: looks<Service>(serviceOf('Deleting'), serviceOf('Deleting'), gone),
  });

  test('asks on stderr and prints the transcript of eascmd.md 2.6', async () => {
    const { code, out, err } = await runScripted(['delete', name], script(), { stdin: 'Y\n' });
    expect(code).toBe(0);
    expect(err).toBe(`Are you sure to delete the service [${name}] in [cn-shanghai]? [Y/n] \n`);
    expect(out).toBe(`[RequestId]: ${RequestId}
[OK] ${Message}
[OK] Service is terminating
[OK] Service was deleted successfully
`);
  });

  test.each(['-y', '--yes', '-f', '--force'])('%s asks nothing', async (flag) => {
    const { code, err } = await runScripted(['delete', name, flag], script());
    expect([code, err]).toEqual([0, '']);
  });

  test('a no deletes nothing', async () => {
    const { code, err } = await runScripted(['delete', name], {}, { stdin: 'n\n' });
    expect(code).toBe(1);
    expect(err).toContain(`Service [${name}] was not deleted: the answer was no`);
  });

  test('no terminal and no answer: refused with exit 2, nothing deleted', async () => {
    const { code, err } = await runScripted(['delete', name], {}, { stdin: '' });
    expect(code).toBe(2);
    expect(err).toContain('--yes');
  });
});

describe('modify', () => {
  const reply = { RequestId, Message: `Succeed to update service [${name}] in region [cn-shanghai]` };
  const refuse = async () => {
    throw new Error('the other way was taken');
  };

  test('instances alone are a scale, done when the count is reached', async () => {
    const scaled: number[] = [];
    const { code, out } = await runScripted(['modify', name, '-Dmetadata.instance=2'], {
      describeService: looks<Service>(
        serviceOf('Running'),
        serviceOf('Scaling', { TotalInstance: 2, RunningInstance: 1 }),
        serviceOf('Running', { TotalInstance: 2, RunningInstance: 2, PendingInstance: 0 }),
      ),
      scaleService: async (_name, instance) => {
        scaled.push(instance);
        return { RequestId, Message: `Service [${name}] in region [cn-shanghai] is scaling` };
      },
      updateService: refuse,
    });
    expect([code, scaled]).toEqual([0, [2]]);
    expect(out).toBe(`[RequestId]: ${RequestId}
[OK] Service [${name}] in region [cn-shanghai] is scaling
[OK] Scaling [Total: 2, Pending: 1, Running: 1]
[OK] Running [Total: 2, Pending: 0, Running: 2]
[OK] Service is running
`);
  });

  test('several -D make one update; the flag stands before or after the name', async () => {
    const sent: unknown[] = [];
    const updateService = async (_name: string, document: object) => {
      sent.push(document);
      return reply;
    };
    const describeService = looks<Service>(serviceOf('Running'), serviceOf('Updating'), serviceOf('Running'));
    const argv = ['update', '-Dmetadata.cpu=2', name, '-Dmetadata.instance=3', '-D', 'metadata.memory=4000'];
    const { code } = await runScripted(argv, { describeService, updateService, scaleService: refuse });
    expect([code, sent]).toEqual([0, [{ metadata: { cpu: 2, instance: 3, memory: 4000 } }]]);
  });

  test('nothing to change is wrong usage', async () => {
    const { code, err } = await runScripted(['modify', name], {});
    expect(code).toBe(2);
    expect(err).toContain('-Dmetadata.instance=2');
  });
});

describe('version', () => {
  const switched = async () => ({ RequestId, Message: 'is starting' });
  const at = (CurrentVersion: number, Status = 'Running') =>
    serviceOf(Status, { CurrentVersion, LatestVersion: 2 });

  test('waits until the version is current', async () => {
    const { code, out } = await runScripted(['version', name, '1'], {
      describeService: looks<Service>(at(2), at(2), at(2, 'Updating'), at(1)),
      updateServiceVersion: switched,
    });
    expect(code).toBe(0);
    expect(out).toEndWith('[OK] Service is running\n');
  });

  test.each([
    ['3', 'has no version [3]', 'its versions are 1 to 2'],
    ['2', 'already the current version', 'pass -f'],
    ['0', '<version_id> "0" is not a whole number', ''],
    ['v1', '<version_id> "v1" is not a whole number', ''],
  ])('version %s is refused', async (version, what, hint) => {
    const { code, err } = await runScripted(['version', name, version], { describeService: looks(at(2)) });
    expect(code).toBe(2);
    expect(err).toContain(what);
    expect(err).toContain(hint);
  });

  test('-f sends the switch unchecked', async () => {
    const { code } = await runScripted(['version', '-f', name, '2', '--no-wait'], {
      describeService: looks(at(2)),
      updateServiceVersion: switched,
    });
    expect(code).toBe(0);
  });
});

describe('wait', () => {
  test('a service that never was is an error', async () => {
    const { code, err } = await runScripted(['wait', name], { describeService: looks<Service>(gone) });
    expect(code).toBe(1);
    expect(err).toContain('InvalidService.NotFound');
  });

  test.each([
    ['Running', '[OK] Service is running'],
    ['Stopped', '[OK] Service is stopped'],
  ])('ends when the service is %s', async (status, line) => {
    const describeService = looks<Service>(serviceOf('Waiting'), serviceOf('Waiting'), serviceOf(status));
    const { code, out } = await runScripted(['wait', name], { describeService });
    expect(code).toBe(0);
    expect(out).toEndWith(`${line}\n`);
  });

  test('ends when the service is gone', async () => {
    const describeService = looks<Service>(serviceOf('Deleting'), serviceOf('Deleting'), gone);
    const { code, out } = await runScripted(['wait', name], { describeService });
    expect([code, out.split('\n').at(-2)]).toEqual([0, '[OK] Service was deleted successfully']);
  });
});

describe('ls', () => {
  test('walks all pages', async () => {
    const all = Array.from({ length: 250 }, (_, index) => serviceOf('Running', { ServiceName: `s${index}` }));
    const { out } = await runScripted(['ls', '-o', 'json'], {
      listServices: async ({ pageNumber, pageSize }) => ({
        Services: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
        PageNumber: pageNumber,
        PageSize: pageSize,
        TotalCount: all.length,
        RequestId: `R-${pageNumber}`,
      }),
    });
    const reply = JSON.parse(out);
    expect([reply.RequestId, reply.Services.length]).toEqual(['R-1', 250]);
  });
});

test('a bug of ours is one line and exit 70', async () => {
  const { code, err } = await runScripted(['desc', name], {});
  expect(code).toBe(70);
  expect(err).toBe(
    '[ERROR] This is a bug in eascmd: Error: the test did not expect a call of describeService\n' +
      '  run it again with --debug and report what it prints\n',
  );
});
