import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import type { Instance, Service } from '../../src/core/service/model.ts';
import { loadColours } from '../../src/ui/colours.ts';
import { localTime } from '../../src/ui/times.ts';
import type { View } from '../../src/ui/view.ts';
import { dryRunView } from '../../src/ui/views/changes.ts';
import { errorJson, errorLines } from '../../src/ui/views/errors.ts';
import { eventListView } from '../../src/ui/views/events.ts';
import { instanceListView } from '../../src/ui/views/instances.ts';
import { serviceListView } from '../../src/ui/views/service-list.ts';
import { endpointTable, serviceView } from '../../src/ui/views/services.ts';

const lines = (view: View) => [...(view.text() as Iterable<string>)];
const local = (utc: string) => localTime(utc);

const mnist: Service = {
  ServiceName: 'mnist_saved_model_example',
  Region: 'cn-shanghai',
  Status: 'Running',
  CreateTime: '2019-02-21T08:35:41Z',
  UpdateTime: '2019-02-21T08:35:41Z',
  TotalInstance: 1,
  RunningInstance: 1,
  PendingInstance: 0,
  Cpu: 1,
  Gpu: 0,
  Memory: 1000,
  Weight: 0,
  LatestVersion: 1,
  CurrentVersion: 1,
  Message: 'Service start successfully',
  AccessToken: 'token-of-mnist',
  IntranetEndpoint: 'http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/mnist_saved_model_example',
  ServiceConfig: '{"name":"mnist_saved_model_example","metadata":{"instance":1}}',
};

describe('ls', () => {
  const view = serviceListView({ RequestId: '83945D4E-ED3E-4D35-A989-831E36BB0000', Services: [mnist] });

  test('RequestId first, then the columns of eascmd.md 2.7', () => {
    const text = lines(view);
    expect(text[0]).toBe('[RequestId]: 83945D4E-ED3E-4D35-A989-831E36BB0000');
    expect(text[2]!.replaceAll(/[ |]+/g, ' ').trim()).toBe(
      'SERVICENAME REGION INSTANCE CREATETIME UPDATETIME STATUS WEIGHT SERVICEPATH',
    );
    const time = local('2019-02-21T08:35:41Z');
    expect(text[4]!.split('|').map((cell) => cell.trim())).toEqual([
      '',
      'mnist_saved_model_example',
      'cn-shanghai',
      '1',
      time,
      time,
      'Running',
      '0',
      '/api/predict/mnist_saved_model_example',
      '',
    ]);
  });

  test('as JSON: the reply', () => {
    expect(view.json()).toEqual({ RequestId: '83945D4E-ED3E-4D35-A989-831E36BB0000', Services: [mnist] });
  });
});

describe('desc', () => {
  const keys = (service: Service) =>
    lines(serviceView(service)).flatMap((line) => /^\| +(\w+) \|/.exec(line)?.[1] ?? []);

  test('the rows of eascmd.md 2.8 in their order, without RequestId line', () => {
    expect(keys(mnist)).toEqual([
      'Status',
      'ServiceName',
      'Region',
      'CreateTime',
      'UpdateTime',
      'AccessToken',
      'TotalInstance',
      'RunningInstance',
      'PendingInstance',
      'CPU',
      'GPU',
      'Memory',
      'Image',
      'Weight',
      'LatestVersion',
      'CurrentVersion',
      'Message',
      'IntranetEndpoint',
      'ServiceConfig',
    ]);
    expect(lines(serviceView(mnist)).join('\n')).toContain('|           Memory | 1000M');
  });

  test('rows of the older and the newer API appear with their values', () => {
    const more = { ...mnist, PrivateToken: 't', APIGatewayUrl: 'u', InternetEndpoint: 'http://i' };
    const added = keys(more).filter((key) => !keys(mnist).includes(key));
    expect(added).toEqual(['PrivateToken', 'APIGatewayUrl', 'InternetEndpoint']);
  });

  test('a configuration that is no JSON is shown as it is', () => {
    expect(lines(serviceView({ ...mnist, ServiceConfig: '{oops' })).join('\n')).toContain('| {oops');
  });
});

describe('w', () => {
  const old: Instance = {
    InstanceName: '',
    InnerIP: '172.24.0.1',
    HostIP: '192.168.0.1',
    StartTime: '2019-02-21T08:35:58Z',
    RestartCount: 0,
    Status: 'Running',
    ReadyProcesses: 1,
    TotalProcesses: 1,
    Reason: '',
  };
  const titles = (instances: Instance[]) =>
    lines(instanceListView({ RequestId: 'R', Instances: instances }))[2]!
      .replaceAll(/[ |]+/g, ' ')
      .trim();

  test('the seven columns of eascmd.md 2.9', () => {
    expect(titles([old])).toBe('INNERIP HOSTIP STARTAT RESTARTS STATUS READY REASON');
  });

  test('name and last state, once an instance has them', () => {
    const state = { exitCode: 247, finishedAt: '2021-09-27T07:04:21Z', reason: 'Error', startedAt: 'x' };
    const named = { ...old, InstanceName: 'mnist-69cf5dd6c7-5abcd', LastState: [state] };
    expect(titles([old, named])).toBe(
      'INSTANCENAME INNERIP HOSTIP STARTAT RESTARTS STATUS READY REASON LASTSTATE',
    );
    const text = lines(instanceListView({ RequestId: 'R', Instances: [named] })).join('\n');
    expect(text).toContain('| [1/1] |');
    expect(text).toContain('{"exitCode":247,"finishedAt":"2021-09-27T07:04:21Z","reason":"Error"');
  });
});

test('create: the Internet row stands first when there is one', () => {
  const table = endpointTable({
    InternetEndpoint: 'http://i',
    IntranetEndpoint: 'http://n',
    AccessToken: 't',
  });
  expect(table.slice(1, 4)).toEqual([
    '| Internet Endpoint | http://i |',
    '| Intranet Endpoint | http://n |',
    '|             Token | t        |',
  ]);
});

test('events: the message inside the message', () => {
  const event = {
    Time: '2026-01-01 00:00:00',
    Type: 'Normal',
    Reason: 'Started',
    Message: '{"versionId":1,"message":"instance started"}',
  };
  const text = lines(eventListView({ RequestId: 'R', Events: [event] })).join('\n');
  expect(text).toContain('| instance started |');
  expect(text).toContain(local('2026-01-01T00:00:00Z'));
});

test('--dry-run shows the request with secrets masked', () => {
  const target = { kind: 'cloud' as const, apiUrl: 'https://pai-eas.x', region: 'x', objectStoreUrl: '' };
  const body = { name: 'digits', token: 'very-secret', metadata: { instance: 1 } };
  const view = dryRunView(target, { method: 'POST', path: '/api/v2/services', body });
  const text = lines(view).join('\n');
  expect(text).toStartWith('POST https://pai-eas.x/api/v2/services\n{');
  expect(text).toContain('"token": "******"');
  expect(text + JSON.stringify(view.json())).not.toContain('very-secret');
});

describe('errors', () => {
  const error = new EasError({
    code: 'InvalidService.NotFound',
    message: 'Service [x] does not exist in [local]',
    hint: 'eascmd ls shows what is there',
    requestId: 'R-1',
    status: 404,
    cause: new Error('inner'),
  });

  test('one line of what, one of what to do next, code and RequestId; no stack', async () => {
    expect(errorLines(error, await loadColours(false), false)).toEqual([
      '[ERROR] Service [x] does not exist in [local]',
      '  eascmd ls shows what is there',
      '  (Code: InvalidService.NotFound, HTTP 404, RequestId: R-1)',
    ]);
  });

  test('the stack and its causes with --debug', async () => {
    const text = errorLines(error, await loadColours(false), true).join('\n');
    expect(text).toContain('render.test.ts');
    expect(text).toContain('Error: inner');
  });

  test('anything else is our bug, in one line', async () => {
    const text = errorLines(new TypeError('x is not a function\nmore'), await loadColours(false), false);
    expect(text).toEqual([
      '[ERROR] This is a bug in eascmd: TypeError: x is not a function',
      '  run it again with --debug and report what it prints',
    ]);
  });

  test('colour only when it is on', async () => {
    expect(errorLines(error, await loadColours(true), false)[0]).toContain('\x1b[31m');
  });

  test('as JSON', () => {
    expect(errorJson(error, 1)).toMatchObject({
      error: { code: 'InvalidService.NotFound', requestId: 'R-1', exitCode: 1 },
    });
  });
});

test.each([
  // The evidence of eascmd.md 2.1.
  { TZ: 'Asia/Shanghai', time: '2021-09-27T07:04:22Z', shown: '2021-09-27 15:04:22' },
  { TZ: 'UTC', time: '2021-09-27T07:04:22Z', shown: '2021-09-27 07:04:22' },
  // Summer and winter, and a zone of half an hour, from the tz database.
  { TZ: 'America/New_York', time: '2026-07-01T12:00:00Z', shown: '2026-07-01 08:00:00' },
  { TZ: 'America/New_York', time: '2026-12-01T04:00:00Z', shown: '2026-11-30 23:00:00' },
  { TZ: 'Asia/Kolkata', time: '2026-12-01T00:00:00Z', shown: '2026-12-01 05:30:00' },
])('times are those of the local zone: $time in $TZ', ({ TZ, time, shown }) => {
  const script = `import { localTime } from ${JSON.stringify(`${import.meta.dir}/../../src/ui/times.ts`)};
    process.stdout.write(localTime('${time}'));`;
  const { stdout } = Bun.spawnSync([process.execPath, '-e', script], { env: { TZ } });
  expect(stdout.toString()).toBe(shown);
});

test('without the C library the zone is that of a Date', () => {
  const script = `Object.defineProperty(process, 'platform', { value: 'win32' });
    const { localTime } = await import(${JSON.stringify(`${import.meta.dir}/../../src/ui/times.ts`)});
    process.stdout.write(localTime('2026-07-01T12:00:00Z'));`;
  const { stdout } = Bun.spawnSync([process.execPath, '-e', script], { env: { TZ: 'Asia/Shanghai' } });
  expect(stdout.toString()).toBe('2026-07-01 20:00:00');
});
