import { afterEach, describe, expect, test } from 'bun:test';
import { type CallOptions, createEasApi } from '../../src/cloud/api/client.ts';
import { listAllServices } from '../../src/cloud/paging.ts';
import { adviceFor } from '../../src/cloud/transport/failures.ts';
import { EasError } from '../../src/core/errors.ts';
import type { EasApi } from '../../src/core/service/api.ts';
import type { Credentials } from '../../src/core/target.ts';
import { type Answer, type Recorder, record, reply } from '../support/recorder.ts';

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

test.each([
  ['InvalidService.NotFound', 404, '`eascmd ls`'],
  ['InvalidResource.NotFound', 404, '`eascmd resource ls`'],
  ['InvalidResourceFile', 500, 'Correct that file'],
  ['InternalError', 500, 'try again later'],
  ['Throttling.User', 400, 'Too many requests'],
  ['Forbidden.RAM', 403, 'permission in RAM'],
])('%s is followed by what to do next', (code, status, advice) => {
  expect(adviceFor(code, status).hint).toContain(advice);
});
