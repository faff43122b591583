import { afterEach, describe, expect, test } from 'bun:test';
import { createHash, createHmac } from 'node:crypto';
import { type CallOptions, createEasApi } from '../../src/cloud/api/client.ts';
import { listAllServices } from '../../src/cloud/paging.ts';
import { EasError } from '../../src/core/errors.ts';
import type { EasApi } from '../../src/core/service/api.ts';
import type { Credentials } from '../../src/core/target.ts';
import { type Answer, type Recorded, type Recorder, record, reply } from '../support/recorder.ts';

const credentials: Credentials = { accessKeyId: 'testAccessKeyId', accessKeySecret: 'testAccessKeySecret' };
const waits: number[] = [];
const clock = {
  now: () => Date.parse('2022-01-03T00:00:00Z'),
  random: () => 0,
  sleep: async (ms: number) => void waits.push(ms),
};

let server: Recorder | undefined;
let api: EasApi | undefined;
afterEach(() => {
  api?.close();
  server?.stop();
  waits.length = 0;
});

function connect(answer: Answer, options: CallOptions = {}, keys = credentials): EasApi {
  server = record(answer);
  const target = { kind: 'cloud' as const, apiUrl: server.url, region: 'cn-shanghai', objectStoreUrl: '' };
  api = createEasApi(target, keys, { clock, ...options });
  return api;
}

async function failure(promise: Promise<unknown>): Promise<EasError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof EasError) return error;
  throw error ?? new Error('nothing was thrown');
}

const ok: Answer = () => reply({ RequestId: 'R', Message: 'm' });
const JSON_TYPE = 'application/json; charset=utf-8';

describe('each operation is sent as openapi.md section 4 says', () => {
  const document = { name: 'echo', metadata: { instance: 1, 'rpc.keepalive': 5000 }, 标签: 'é' };
  const text = '{"name":"echo","metadata":{"instance":1,"rpc.keepalive":5000},"标签":"é"}';
  const base = '/api/v2/services';
  const echo = `${base}/cn-shanghai/echo`;
  const page = { pageNumber: 2, pageSize: 10 };

  test.each<[string, (api: EasApi) => Promise<unknown>, string, string, string]>([
    ['CreateService', (a) => a.createService(document), 'POST', base, text],
    [
      'CreateService',
      (a) => a.createService(document, { labels: { a: 'b c' } }),
      'POST',
      `${base}?Labels=%7B%22a%22%3A%22b%20c%22%7D`,
      text,
    ],
    [
      'CreateService',
      (a) => a.createService(document, { isAssociated: true }),
      'POST',
      `${base}?BlueGreen=true`,
      text,
    ],
    ['ReleaseService', (a) => a.releaseService('echo', 20), 'PUT', `${echo}/release`, '{"Weight":20}'],
    [
      'DeleteServiceInstances',
      (a) => a.deleteServiceInstances('echo', ['echo-1', 'echo-2']),
      'DELETE',
      `${echo}/instances?InstanceList=echo-1%2Cecho-2`,
      '',
    ],
    ['UpdateService', (a) => a.updateService('echo', document), 'PUT', echo, text],
    [
      'UpdateService',
      (a) => a.updateService('echo', document, 'replace'),
      'PUT',
      `${echo}?UpdateType=replace`,
      text,
    ],
    ['DescribeService', (a) => a.describeService('echo'), 'GET', echo, ''],
    [
      'DescribeService',
      (a) => a.describeService("a/b c'*"),
      'GET',
      `${base}/cn-shanghai/a%2Fb%20c%27%2A`,
      '',
    ],
    ['ListServices', (a) => a.listServices(page), 'GET', `${base}?PageNumber=2&PageSize=10`, ''],
    [
      'ListServices',
      (a) => a.listServices({ ...page, filter: 'a b' }),
      'GET',
      `${base}?Filter=a%20b&PageNumber=2&PageSize=10`,
      '',
    ],
    ['DeleteService', (a) => a.deleteService('echo'), 'DELETE', echo, ''],
    ['StartService', (a) => a.startService('echo'), 'PUT', `${echo}/start`, ''],
    ['StopService', (a) => a.stopService('echo'), 'PUT', `${echo}/stop`, ''],
    ['ScaleService', (a) => a.scaleService('echo', 3), 'PUT', `${echo}/scale`, '{"Instance":3}'],
    [
      'UpdateServiceVersion',
      (a) => a.updateServiceVersion('echo', 2),
      'PUT',
      `${echo}/version`,
      '{"Version":2}',
    ],
    [
      'ListServiceVersions',
      (a) => a.listServiceVersions('echo', page),
      'GET',
      `${echo}/versions?PageNumber=2&PageSize=10`,
      '',
    ],
    [
      'ListServiceInstances',
      (a) => a.listServiceInstances('echo', page),
      'GET',
      `${echo}/instances?PageNumber=2&PageSize=10`,
      '',
    ],
    [
      'DescribeServiceLog',
      (a) =>
        a.describeServiceLog('echo', {
          instanceName: 'i',
          pageNum: 1,
          pageSize: 500,
          startTime: '2022-01-03 00:00:00',
          previous: true,
        }),
      'GET',
      `${echo}/logs?InstanceName=i&PageNum=1&PageSize=500&Previous=true&StartTime=2022-01-03%2000%3A00%3A00`,
      '',
    ],
    ['DescribeServiceLog', (a) => a.describeServiceLog('echo', {}), 'GET', `${echo}/logs`, ''],
    ['DescribeServiceEvent', (a) => a.describeServiceEvent('echo'), 'GET', `${echo}/events`, ''],
    [
      'DescribeServiceEvent',
      (a) => a.describeServiceEvent('echo', { pageNum: '1', pageSize: '100' }),
      'GET',
      `${echo}/events?PageNum=1&PageSize=100`,
      '',
    ],
  ])('%s %#', async (action, call, method, target, body) => {
    await call(connect(ok));
    const [request] = server!.requests;
    expect({ method: request!.method, target: request!.target, body: request!.body }).toEqual({
      method,
      target,
      body,
    });
    expect(request!.headers).toMatchObject({
      'x-acs-action': action,
      'x-acs-version': '2021-07-01',
      accept: 'application/json',
    });
    expect(request!.headers['content-type']).toBe(body === '' ? (undefined as never) : JSON_TYPE);
    expect(request!.headers.authorization).toBe(expectedSignature(request!));
  });
});

/** openapi.md 2.1, written here from the text: the client's signature is checked by other code than its own. */
function expectedSignature(request: Recorded): string {
  const header = (name: string) => request.headers[name] ?? '';
  const acs = Object.keys(request.headers)
    .filter((name) => name.startsWith('x-acs-'))
    .sort()
    .map((name) => `${name}:${header(name).trim()}\n`)
    .join('');
  const [path, query] = request.target.split('?');
  const pairs = (query ?? '').split('&').filter(Boolean).map(decodeURIComponent).sort();
  const resource = pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
  const lines = [
    request.method,
    header('accept'),
    header('content-md5'),
    header('content-type'),
    header('date'),
  ];
  const text = `${lines.join('\n')}\n${acs}${resource}`;
  if (request.headers['content-md5'])
    expect(header('content-md5')).toBe(createHash('md5').update(request.body).digest('base64'));
  return `acs testAccessKeyId:${createHmac('sha1', 'testAccessKeySecret').update(text).digest('base64')}`;
}

test('an STS token travels in the signed headers', async () => {
  await connect(ok, {}, { ...credentials, securityToken: 'sts' }).describeService('echo');
  const [request] = server!.requests;
  expect(request!.headers).toMatchObject({
    'x-acs-security-token': 'sts',
    'x-acs-accesskey-id': 'testAccessKeyId',
  });
  expect(request!.headers.authorization).toBe(expectedSignature(request!));
});

test('an answer is handed on as it is', async () => {
  const service = { ServiceName: 'echo', CallerUid: '182848887922000012', Cpu: 1, RequestId: 'R' };
  expect(await connect(() => reply(service)).describeService('echo')).toEqual(service as never);
});

describe('answers that are errors', () => {
  test.each<[string, number, number, string | undefined]>([
    ['InvalidService.NotFound', 404, 1, 'eascmd ls'],
    ['InvalidAccessKeyId.NotFound', 404, 4, 'AccessKey ID'],
    ['SignatureDoesNotMatch', 400, 4, 'AccessKey secret'],
    ['Forbidden.RAM', 403, 4, 'RAM'],
    ['Forbidden.PrivilegeCheckFailed', 403, 4, 'another account'],
    ['InvalidSecurityToken.Expired', 400, 4, 'STS token'],
    ['InvalidTimeStamp.Expired', 400, 4, 'clock'],
    ['InvalidParameter', 400, 1, undefined],
  ])('%s', async (Code, status, exit, hint) => {
    const body = { Code, Message: `about ${Code}`, RequestId: 'RID-1', HostId: 'h' };
    const error = await failure(connect(() => reply(body, status)).describeService('echo'));
    const { code, message, requestId } = error;
    expect({ code, message, requestId, status: error.status, exit: error.exit as number }).toEqual({
      code: Code,
      message: `about ${Code}`,
      requestId: 'RID-1',
      status,
      exit,
    });
    if (hint) expect(error.hint).toContain(hint);
    expect(server!.requests).toHaveLength(1);
    expect(JSON.stringify(error)).not.toContain('testAccessKeySecret');
  });

  test('an error page of something in between', async () => {
    const page = () =>
      new Response('<html>Bad gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } });
    const error = await failure(connect(page).describeService('echo'));
    expect({ code: error.code, status: error.status, exit: error.exit }).toEqual({
      code: 'Http502',
      status: 502,
      exit: 1,
    });
    expect(error.message).toContain('status 502 and text/html');
    expect(server!.requests).toHaveLength(4);
  });

  test.each<[string, () => Response]>([
    ['a web page', () => new Response('<html>Log in</html>', { headers: { 'content-type': 'text/html' } })],
    ['broken JSON', () => new Response('{"RequestId":', { headers: { 'content-type': 'application/json' } })],
    ['a JSON list', () => Response.json([1])],
    ['a redirect', () => new Response('', { status: 302, headers: { location: '/login' } })],
  ])('%s is not EAS', async (_, answer) => {
    const error = await failure(connect(answer).describeService('echo'));
    expect({ code: error.code, exit: error.exit }).toEqual({ code: 'UnexpectedReply', exit: 1 });
    expect(error.message).toContain(server!.url);
    expect(server!.requests).toHaveLength(1);
  });
});

describe('repetition', () => {
  const throttled = (headers: Record<string, string> = {}) =>
    reply({ Code: 'Throttling.User', Message: 'slow', RequestId: 'R' }, 429, headers);
  const unavailable = () => reply({ Code: 'ServiceUnavailable', Message: 'later', RequestId: 'R' }, 503);

  test('429 waits as long as Retry-After says', async () => {
    await connect((_, index) =>
      index === 0 ? throttled({ 'retry-after': '7' }) : ok(_, index),
    ).describeService('e');
    expect(waits).toEqual([7000]);
  });

  test('503 twice, then the answer; each attempt is signed anew', async () => {
    await connect((request, index) => (index < 2 ? unavailable() : ok(request, index))).stopService('e');
    const nonces = server!.requests.map(({ headers }) => headers['x-acs-signature-nonce']);
    expect(new Set(nonces).size).toBe(3);
    expect(waits).toEqual([150, 300]);
  });

  test('it gives up and tells the last error', async () => {
    const error = await failure(connect(() => throttled()).describeService('e'));
    expect(error).toMatchObject({ code: 'Throttling.User', status: 429 });
    expect(server!.requests).toHaveLength(4);
  });

  test.each<[string, (api: EasApi) => Promise<unknown>, number]>([
    ['create', (a) => a.createService({ name: 'e' }), 1],
    ['an update that makes a version', (a) => a.updateService('e', { model_path: 'm' }), 1],
    ['another update', (a) => a.updateService('e', { metadata: { cpu: 1 } }), 4],
    ['scale', (a) => a.scaleService('e', 1), 4],
    ['delete', (a) => a.deleteService('e'), 4],
  ])('%s', async (_, call, attempts) => {
    await failure(call(connect(unavailable)));
    expect(server!.requests).toHaveLength(attempts);
  });

  test('a delete whose first answer was lost succeeds when the service is gone', async () => {
    const gone = reply({ Code: 'InvalidService.NotFound', Message: 'no', RequestId: 'R2' }, 404);
    const done = await connect((_, index) => (index === 0 ? unavailable() : gone)).deleteService('e');
    expect(done).toEqual({ RequestId: 'R2', Message: 'Service [e] in region [cn-shanghai] is terminating' });
  });

  test('a delete of what was never there fails', async () => {
    const gone = () => reply({ Code: 'InvalidService.NotFound', Message: 'no', RequestId: 'R2' }, 404);
    expect(await failure(connect(gone).deleteService('e'))).toMatchObject({
      code: 'InvalidService.NotFound',
    });
  });
});

describe('listAllServices', () => {
  const services = (total: number): Answer => {
    return ({ target }) => {
      const query = new URL(target, 'http://x').searchParams;
      const [number, size] = [Number(query.get('PageNumber')), Number(query.get('PageSize'))];
      const names = Array.from({ length: total }, (_, index) => ({ ServiceName: `s${index}` }));
      return reply({
        RequestId: 'R',
        PageNumber: number,
        PageSize: size,
        TotalCount: total,
        Services: names.slice((number - 1) * size, number * size),
      });
    };
  };
  const collect = async (total: number, pageSize: number) => {
    const names: string[] = [];
    for await (const { ServiceName } of listAllServices(connect(services(total)), { pageSize }))
      names.push(ServiceName);
    return names;
  };

  test.each([
    [0, 1],
    [1, 1],
    [10, 1],
    [11, 2],
    [97, 10],
  ])('%d services in pages of 10 take %d requests and keep their order', async (total, requests) => {
    expect(await collect(total, 10)).toEqual(Array.from({ length: total }, (_, index) => `s${index}`));
    expect(server!.requests).toHaveLength(requests);
  });

  test('a page that fails is told in its turn', async () => {
    const list = services(50);
    const broken = connect((request, index) =>
      request.target.includes('PageNumber=3')
        ? reply({ Code: 'InvalidParameter', Message: 'no' }, 400)
        : list(request, index),
    );
    const names: string[] = [];
    const walk = async () => {
      for await (const { ServiceName } of listAllServices(broken, { pageSize: 10 })) names.push(ServiceName);
    };
    expect(await failure(walk())).toMatchObject({ code: 'InvalidParameter' });
    expect(names).toHaveLength(20);
  });
});
