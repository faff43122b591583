import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import OpenApiClient, { $OpenApiUtil } from '@alicloud/openapi-core';
import popCore from '@alicloud/pop-core';
import * as $dara from '@darabonba/typescript';
import { requestTarget, verifyApiRequest } from '../../src/local/signature/index.ts';

const ID = 'wireKeyId';
const SECRET = 'wire+key/secret=';

/** Answers what was understood of a signed request, or the refusal in the shape of openapi.md section 1. */
async function answer(request: Request): Promise<Response> {
  const body = new Uint8Array(await request.arrayBuffer());
  const verdict = verifyApiRequest(
    { method: request.method, target: requestTarget(request), headers: request.headers, body },
    (id) => (id === ID ? SECRET : undefined),
    Date.now(),
  );
  const RequestId = crypto.randomUUID().toUpperCase();
  if (!verdict.ok)
    return Response.json(
      { Code: verdict.code, Message: verdict.message, RequestId },
      { status: verdict.status },
    );
  const query = Object.fromEntries(new URL(request.url).searchParams);
  return Response.json({
    RequestId,
    Method: request.method,
    Query: query,
    Body: new TextDecoder().decode(body),
  });
}

let server: Bun.Server<undefined>;
beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
});
afterAll(() => server.stop(true));

interface Echo {
  Method: string;
  Query: Record<string, string>;
  Body: string;
}
type Query = Record<string, string>;
type Call = (
  method: string,
  path: string,
  query: Query,
  body: string,
  key: { id: string; secret: string; token?: string },
) => Promise<Echo>;

/** pop-core's type declarations stop at its RPC client. */
interface RoaClient {
  request(method: string, path: string, query: Query, body: string, headers: Query): Promise<Echo>;
}
const { ROAClient } = popCore as unknown as {
  ROAClient: new (config: Record<string, string | undefined>) => RoaClient;
};

const viaPopCore: Call = (method, path, query, body, key) => {
  const client = new ROAClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    apiVersion: '2021-07-01',
    accessKeyId: key.id,
    accessKeySecret: key.secret,
    securityToken: key.token,
  });
  return client.request(method, path, query, body, { 'content-type': 'application/json' });
};

const viaOpenApi =
  (signatureAlgorithm: string | undefined): Call =>
  async (method, path, query, body, key) => {
    const client = new OpenApiClient(
      new $OpenApiUtil.Config({
        endpoint: `127.0.0.1:${server.port}`,
        protocol: 'HTTP',
        accessKeyId: key.id,
        accessKeySecret: key.secret,
        securityToken: key.token,
        signatureAlgorithm,
      }),
    );
    const params = new $OpenApiUtil.Params({
      action: 'WireTest',
      version: '2021-07-01',
      protocol: 'HTTP',
      pathname: path,
      method,
      authType: 'AK',
      style: 'ROA',
      reqBodyType: 'json',
      bodyType: 'json',
    });
    const request = new $OpenApiUtil.OpenApiRequest({ query, body: body === '' ? undefined : body });
    const reply = await client.callApi(params, request, new $dara.RuntimeOptions({}));
    return reply.body as Echo;
  };

const clients: [string, Call][] = [
  ['pop-core ROAClient (acs)', viaPopCore],
  ['openapi-core v2 (acs)', viaOpenApi('v2')],
  ['openapi-core (ACS3-HMAC-SHA256)', viaOpenApi(undefined)],
];

const queries: Query[] = [
  {},
  { PageNumber: '1', Filter: 'a b' },
  { Filter: '模型 服务', Label: '{"k":"v & w"}' },
  { Star: '*', Tilde: '~', Plus: 'a+b', Percent: '100%', Quote: `'"()!` },
  { Empty: '', Name: 'x' },
  { b: '1', B: '2', a: '3', 'a-b': '4' },
];

describe.each(clients)('%s', (_name, call) => {
  const key = { id: ID, secret: SECRET };

  test.each(queries.map((query) => [JSON.stringify(query), query] as const))(
    'query %s',
    async (_text, query) => {
      const echo = await call('GET', '/api/v2/services', query, '', key);
      expect(echo).toMatchObject({ Method: 'GET', Query: query });
    },
  );

  test.each(['POST', 'PUT'])('%s with a body', async (method) => {
    const body = JSON.stringify({ name: 'echo', note: '你好 ~*+', metadata: { instance: 1 } });
    const echo = await call(method, '/api/v2/services/cn-shanghai/a%2Fb~c', {}, body, key);
    expect(echo).toMatchObject({ Method: method, Body: body });
  });

  test('DELETE without a body', async () => {
    const echo = await call('DELETE', '/api/v2/services/cn-shanghai/%E6%A8%A1', {}, '', key);
    expect(echo).toMatchObject({ Method: 'DELETE', Body: '' });
  });

  test('a security token is covered by the signature', async () => {
    const echo = await call('GET', '/api/v2/services', { A: '1' }, '', { ...key, token: 'CAIS+token/==' });
    expect(echo.Query).toEqual({ A: '1' });
  });

  test('a wrong secret is refused', async () => {
    const refused = call('GET', '/api/v2/services', {}, '', { id: ID, secret: 'wrong' });
    await expect(refused).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  test('an unknown AccessKeyId is refused', async () => {
    const refused = call('GET', '/api/v2/services', {}, '', { id: 'stranger', secret: SECRET });
    await expect(refused).rejects.toMatchObject({ code: 'InvalidAccessKeyId.NotFound' });
  });
});
