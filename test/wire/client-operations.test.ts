import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { createEasApi } from '../../src/cloud/api/client.ts';
import { acsAuthorization } from '../support/acs-signature.ts';
import { type RawRecorder, recordRaw } from '../support/raw-recorder.ts';

/** What each method of our client puts on the wire, byte by byte (openapi.md 0, 2.1 and 4 to 8). */
const KEYS = { accessKeyId: 'testAccessKeyId', accessKeySecret: 'testAccessKeySecret' };
const document = { name: 'echo', metadata: { instance: 1, 'rpc.keepalive': 5000 }, 标签: 'é' };
const text = '{"name":"echo","metadata":{"instance":1,"rpc.keepalive":5000},"标签":"é"}';
const services = '/api/v2/services';
const echo = `${services}/cn-shanghai/echo`;
const group = '/api/v2/resources/cn-shanghai/eas-r-1';
const page = { pageNumber: 2, pageSize: 10 };
const auto = { min: 1, max: 3, scaleStrategies: [{ metricName: 'qps', threshold: 10 }] };
const cron = { ScaleJobs: [{ Schedule: '0 0 3 * * *', TargetSize: 2 }], ExcludeDates: [] };
const link = { VSwitchId: 'vsw-1', SecurityGroupId: 'sg-1', VSwitchIdList: ['vsw-2'], DestinationCIDRs: '' };

const tasks = '/api/v2/benchmark-tasks';
const task = `${tasks}/cn-shanghai/benchmark-echo-b514`;
const bench = { service: { serviceName: 'echo' }, data: { content: 'YQ==' }, 标签: 'é' };
const pressure = { optional: { concurrency: 4, agentCount: 2 } };

type Case = [args: unknown[], action: string, method: string, target: string, body?: string];

/** By the name of the method in EasApi. */
const cases: Record<string, Case[]> = {
  createService: [
    [[document], 'CreateService', 'POST', services, text],
    [
      [document, { labels: { a: 'b c' } }],
      'CreateService',
      'POST',
      `${services}?Labels=%7B%22a%22%3A%22b%20c%22%7D`,
      text,
    ],
    [[document, { isAssociated: true }], 'CreateService', 'POST', `${services}?BlueGreen=true`, text],
  ],
  updateService: [
    [['echo', document], 'UpdateService', 'PUT', echo, text],
    [['echo', document, 'replace'], 'UpdateService', 'PUT', `${echo}?UpdateType=replace`, text],
  ],
  describeService: [
    [['echo'], 'DescribeService', 'GET', echo],
    [["a/b c'*(!)~"], 'DescribeService', 'GET', `${services}/cn-shanghai/a%2Fb%20c%27%2A%28%21%29~`],
    [['模型'], 'DescribeService', 'GET', `${services}/cn-shanghai/%E6%A8%A1%E5%9E%8B`],
  ],
  listServices: [
    [[page], 'ListServices', 'GET', `${services}?PageNumber=2&PageSize=10`],
    [
      [{ ...page, filter: 'a b' }],
      'ListServices',
      'GET',
      `${services}?Filter=a%20b&PageNumber=2&PageSize=10`,
    ],
  ],
  deleteService: [[['echo'], 'DeleteService', 'DELETE', echo]],
  startService: [[['echo'], 'StartService', 'PUT', `${echo}/start`]],
  stopService: [[['echo'], 'StopService', 'PUT', `${echo}/stop`]],
  restartService: [[['echo'], 'RestartService', 'PUT', `${echo}/restart`]],
  scaleService: [[['echo', 3], 'ScaleService', 'PUT', `${echo}/scale`, '{"Instance":3}']],
  releaseService: [[['echo', 20], 'ReleaseService', 'PUT', `${echo}/release`, '{"Weight":20}']],
  updateServiceVersion: [[['echo', 2], 'UpdateServiceVersion', 'PUT', `${echo}/version`, '{"Version":2}']],
  listServiceVersions: [
    [['echo', page], 'ListServiceVersions', 'GET', `${echo}/versions?PageNumber=2&PageSize=10`],
  ],
  listServiceInstances: [
    [['echo', page], 'ListServiceInstances', 'GET', `${echo}/instances?PageNumber=2&PageSize=10`],
  ],
  deleteServiceInstances: [
    [
      ['echo', ['echo-1', 'echo-2']],
      'DeleteServiceInstances',
      'DELETE',
      `${echo}/instances?InstanceList=echo-1%2Cecho-2`,
    ],
  ],
  describeServiceLog: [
    [['echo', {}], 'DescribeServiceLog', 'GET', `${echo}/logs`],
    [
      [
        'echo',
        {
          instanceName: 'i',
          pageNum: 1,
          pageSize: 500,
          startTime: '2022-01-03 00:00:00',
          endTime: '2022-01-04 00:00:00',
          previous: true,
          keyword: 'a&b',
        },
      ],
      'DescribeServiceLog',
      'GET',
      `${echo}/logs?EndTime=2022-01-04%2000%3A00%3A00&InstanceName=i&Keyword=a%26b&PageNum=1&PageSize=500&Previous=true&StartTime=2022-01-03%2000%3A00%3A00`,
    ],
  ],
  describeServiceEvent: [
    [['echo'], 'DescribeServiceEvent', 'GET', `${echo}/events`],
    [
      ['echo', { instanceName: 'i', pageNum: '1', pageSize: '100', eventType: 'Warning' }],
      'DescribeServiceEvent',
      'GET',
      `${echo}/events?EventType=Warning&InstanceName=i&PageNum=1&PageSize=100`,
    ],
  ],
  describeServiceEndpoints: [[['echo'], 'DescribeServiceEndpoints', 'GET', `${echo}/endpoints`]],
  updateServiceLabel: [
    [['echo', { a: 'é' }], 'UpdateServiceLabel', 'PUT', `${echo}/label`, '{"Labels":{"a":"é"}}'],
  ],
  deleteServiceLabel: [
    [['echo', ['a', 'b']], 'DeleteServiceLabel', 'DELETE', `${echo}/label?LabelKeys=%5B%22a%22%2C%22b%22%5D`],
  ],
  updateServiceSafetyLock: [
    [['echo', 'dangerous'], 'UpdateServiceSafetyLock', 'PUT', `${echo}/lock`, '{"Lock":"dangerous"}'],
  ],
  cloneService: [[['echo', { name: 'copy' }], 'CloneService', 'POST', `${echo}/clone`, '{"name":"copy"}']],
  describeRegions: [[[], 'DescribeRegions', 'GET', '/api/v2/regions']],
  createAutoscaler: [
    [['echo', auto], 'CreateServiceAutoScaler', 'POST', `${echo}/autoscaler`, JSON.stringify(auto)],
  ],
  updateAutoscaler: [
    [['echo', auto], 'UpdateServiceAutoScaler', 'PUT', `${echo}/autoscaler`, JSON.stringify(auto)],
  ],
  describeAutoscaler: [[['echo'], 'DescribeServiceAutoScaler', 'GET', `${echo}/autoscaler`]],
  deleteAutoscaler: [[['echo'], 'DeleteServiceAutoScaler', 'DELETE', `${echo}/autoscaler`]],
  createCronscaler: [
    [['echo', cron], 'CreateServiceCronScaler', 'POST', `${echo}/cronscaler`, JSON.stringify(cron)],
  ],
  updateCronscaler: [
    [['echo', cron], 'UpdateServiceCronScaler', 'PUT', `${echo}/cronscaler`, JSON.stringify(cron)],
  ],
  describeCronscaler: [[['echo'], 'DescribeServiceCronScaler', 'GET', `${echo}/cronscaler`]],
  deleteCronscaler: [[['echo'], 'DeleteServiceCronScaler', 'DELETE', `${echo}/cronscaler`]],
  listResources: [[[page], 'ListResources', 'GET', '/api/v2/resources?PageNumber=2&PageSize=10']],
  describeResource: [[['eas-r-1'], 'DescribeResource', 'GET', group]],
  listResourceInstances: [
    [['eas-r-1', page], 'ListResourceInstances', 'GET', `${group}/instances?PageNumber=2&PageSize=10`],
  ],
  describeResourceDLink: [[['eas-r-1'], 'DescribeResourceDLink', 'GET', `${group}/dlink`]],
  updateResourceDLink: [
    [['eas-r-1', link], 'UpdateResourceDLink', 'PUT', `${group}/dlink`, JSON.stringify(link)],
  ],
  deleteResourceDLink: [[['eas-r-1'], 'DeleteResourceDLink', 'DELETE', `${group}/dlink`]],
  createBenchmarkTask: [
    [
      [bench],
      'CreateBenchmarkTask',
      'POST',
      tasks,
      '{"service":{"serviceName":"echo"},"data":{"content":"YQ=="},"标签":"é"}',
    ],
  ],
  listBenchmarkTasks: [
    [[page], 'ListBenchmarkTask', 'GET', `${tasks}?PageNumber=2&PageSize=10`],
    [
      [{ ...page, filter: 'a b' }],
      'ListBenchmarkTask',
      'GET',
      `${tasks}?Filter=a%20b&PageNumber=2&PageSize=10`,
    ],
  ],
  describeBenchmarkTask: [[['benchmark-echo-b514'], 'DescribeBenchmarkTask', 'GET', task]],
  updateBenchmarkTask: [
    [
      ['benchmark-echo-b514', pressure],
      'UpdateBenchmarkTask',
      'PUT',
      task,
      '{"optional":{"concurrency":4,"agentCount":2}}',
    ],
  ],
  startBenchmarkTask: [[['benchmark-echo-b514'], 'StartBenchmarkTask', 'PUT', `${task}/start`]],
  stopBenchmarkTask: [[['benchmark-echo-b514'], 'StopBenchmarkTask', 'PUT', `${task}/stop`]],
  deleteBenchmarkTask: [[['benchmark-echo-b514'], 'DeleteBenchmarkTask', 'DELETE', task]],
  describeBenchmarkTaskReport: [
    [['benchmark-echo-b514', 'RAW'], 'DescribeBenchmarkTaskReport', 'GET', `${task}/report?ReportType=RAW`],
    [
      ['benchmark-echo-b514', 'Report'],
      'DescribeBenchmarkTaskReport',
      'GET',
      `${task}/report?ReportType=Report`,
    ],
  ],
};

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;
let recorder: RawRecorder;
beforeAll(async () => {
  recorder = await recordRaw('{"RequestId":"R"}');
});
afterAll(() => recorder.stop());

const connect = (securityToken?: string) =>
  createEasApi(
    {
      kind: 'cloud',
      apiUrl: recorder?.url ?? 'http://127.0.0.1:1',
      region: 'cn-shanghai',
      objectStoreUrl: '',
    },
    { ...KEYS, securityToken },
  );

/** Operations are fields that hold functions; what is on the prototype serves them. */
const methods = (() => {
  const api = connect();
  api.close();
  return Object.entries(api).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
})();

test.each(methods.map((name) => [name]))('%s has a case here', (name) => expect(cases[name]).toBeDefined());

const ready = methods.flatMap((name) => (cases[name] ?? []).map((given) => [name, ...given] as const));
// proves: create, modify, list, desc, showworkers, deleteworkers, start, stop, version, release, delete (wire, recorder)
// proves: wait, restart, scale, clone, logs, events, endpoints, versions, labels, lock, regions (wire, recorder)
// proves: autoscale, cronscale (wire, recorder)
// proves: resource list, resource desc, resource list_instance, resource network (wire, recorder)
// proves: bench create, bench list, bench desc, bench visualize, bench stop, bench start, bench delete, bench report, bench update (wire, recorder)
describe.each([
  ['with an AccessKey', undefined],
  ['with an STS token', 'sts+token/='],
])('%s', (_title, token) => {
  test.each(ready.map((row, index) => [`${row[0]} ${index}`, row] as const))('%s', async (_name, row) => {
    const [name, args, action, method, target, body] = row;
    recorder.requests.length = 0;
    const api = connect(token);
    await (api as unknown as Methods)[name]!(...args);
    api.close();
    expect(recorder.requests).toHaveLength(1);
    const request = recorder.requests[0]!;
    expect(`${request.method} ${ordered(request.target)}`).toBe(`${method} ${ordered(target)}`);
    expect(request.body.toString('hex')).toBe(Buffer.from(body ?? '').toString('hex'));
    expectHeaders(request.headers, action, body, token);
    expect(request.headers.authorization).toBe(
      acsAuthorization(request, KEYS.accessKeyId, KEYS.accessKeySecret),
    );
  });
});

/** The order of query parameters means nothing; every byte of them does. */
function ordered(target: string): string {
  const [path, query] = target.split('?');
  return query === undefined ? path! : `${path}?${query.split('&').sort().join('&')}`;
}

/** Exactly the headers of openapi.md 2.1 and those HTTP itself needs. */
function expectHeaders(
  headers: Record<string, string>,
  action: string,
  body: string | undefined,
  token: string | undefined,
): void {
  const { date, 'x-acs-signature-nonce': nonce, 'user-agent': agent, 'x-sdk-client': sdk, ...rest } = headers;
  expect(Math.abs(Date.parse(date!) - Date.now())).toBeLessThan(60_000);
  expect(date).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  expect(nonce!.length).toBeGreaterThanOrEqual(16);
  expect(agent).toBeDefined();
  // pop-core introduces itself.
  expect(sdk).toContain('@alicloud/pop-core');
  const bytes = Buffer.from(body ?? '');
  const ofBody = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(bytes.length),
  };
  const ofToken = { 'x-acs-accesskey-id': KEYS.accessKeyId, 'x-acs-security-token': token };
  const { authorization: _checkedApart, connection: _hop, host: _host, ...sent } = rest;
  if (body === undefined && sent['content-length'] === '0') delete sent['content-length'];
  expect(sent).toEqual({
    accept: 'application/json',
    // Optional, and signed as sent: of no bytes too.
    'content-md5': createHash('md5').update(bytes).digest('base64'),
    'x-acs-action': action,
    'x-acs-version': '2021-07-01',
    'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-signature-version': '1.0',
    ...(body === undefined ? {} : ofBody),
    ...(token === undefined ? {} : (ofToken as Record<string, string>)),
  });
}

/** The vectors of openapi.md 2.1, so that the yardstick itself is true. */
test.each([
  [
    'A',
    'GET',
    '/api/v2/services?PageNumber=1&PageSize=100&Filter=a%20b',
    'nonce-0001',
    'ListServices',
    {},
    'WZJUjyEkee+AZZqKXRcae86JcZQ=',
  ],
  [
    'B',
    'PUT',
    '/api/v2/services/cn-shanghai/foo/release',
    'nonce-0002',
    'ReleaseService',
    { 'content-type': 'application/json; charset=utf-8' },
    '5lhXfxLbmshHryc0RkX2JGRbg+I=',
  ],
])('test vector %s', (_name, method, target, nonce, action, more, signature) => {
  const headers = {
    accept: 'application/json',
    date: 'Mon, 03 Jan 2022 00:00:00 GMT',
    'x-acs-action': action,
    'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-signature-nonce': nonce,
    'x-acs-signature-version': '1.0',
    'x-acs-version': '2021-07-01',
    ...more,
  } as Record<string, string>;
  expect(acsAuthorization({ method, target, headers }, KEYS.accessKeyId, KEYS.accessKeySecret)).toBe(
    `acs testAccessKeyId:${signature}`,
  );
});
