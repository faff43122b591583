import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import OpenApiClient, { $OpenApiUtil } from '@alicloud/openapi-core';
import * as $dara from '@darabonba/typescript';
import { readLocalCredentials } from '../../src/local/launch.ts';
import { LocalUnderTest, type Reply, serviceJson } from './support.ts';

const LIMIT_MS = 60_000;
let local: LocalUnderTest;
beforeAll(async () => {
  local = await new LocalUnderTest().start();
  for (const name of ['first', 'second', 'third_one'])
    await local.call('POST', 'services', {}, serviceJson(name, { metadata: { instance: 0 } }));
  for (const name of ['first', 'second', 'third_one']) await local.until(name, 'Running');
});
afterAll(() => local.end());

const names = (reply: Reply) => reply.Services.map(({ ServiceName }: Reply) => ServiceName);

describe('the frame of the API', () => {
  test('a call signed with ACS3 by openapi-core is answered like one of pop-core', async () => {
    const { accessKeyId, accessKeySecret } = (await readLocalCredentials(local.dataDir))!;
    const { host } = new URL(local.info.apiUrl);
    const client = new OpenApiClient(
      new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, endpoint: host, protocol: 'http' }),
    );
    const parameters = new $OpenApiUtil.Params({
      action: 'DescribeService',
      version: '2021-07-01',
      protocol: 'HTTP',
      pathname: '/api/v2/services/local/first',
      method: 'GET',
      authType: 'AK',
      style: 'ROA',
      reqBodyType: 'json',
      bodyType: 'json',
    });
    const reply = await client.callApi(
      parameters,
      new $OpenApiUtil.OpenApiRequest({}),
      new $dara.RuntimeOptions({}),
    );
    expect(reply.statusCode).toBe(200);
    const { RequestId: _a, ...byAcs3 } = reply.body;
    const { RequestId: _b, ...byPop } = await local.service('first');
    expect(byAcs3).toEqual(byPop);
  });

  test('errors have the shape of the reference and a RequestId in upper case', async () => {
    const reply = await fetch(`${local.info.apiUrl}/api/v2/services`);
    const body = (await reply.json()) as Reply;
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(Object.keys(body).sort()).toEqual(['Code', 'HostId', 'Message', 'RequestId']);
    expect(body.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  });

  test('unknown paths, methods, regions and operations that are not served are told apart', async () => {
    expect(await local.refused('GET', 'nothing')).toMatchObject({
      status: 404,
      code: 'InvalidAction.NotFound',
    });
    expect(await local.refused('POST', 'services/local/first')).toMatchObject({ status: 405 });
    expect(await local.refused('GET', 'services/cn-shanghai/first')).toMatchObject({
      status: 404,
      code: 'InvalidRegionId.NotFound',
    });
    expect(await local.refused('GET', 'services/local/first/mirror')).toMatchObject({
      status: 501,
      code: 'UnsupportedOperation',
      message: expect.stringContaining('DescribeServiceMirror'),
    });
    expect(await local.refused('GET', 'services/local/nobody')).toEqual({
      status: 404,
      code: 'InvalidService.NotFound',
      message: 'Service [nobody] in region [local] is not found',
    });
  });

  test('the only region is this machine', async () => {
    expect((await local.call('GET', 'regions')).Regions).toEqual([
      { RegionId: 'local', RegionName: 'Local EAS' },
    ]);
  });
});

describe('CreateService', () => {
  const bad: [string, unknown, string][] = [
    ['no name', { metadata: { instance: 1 } }, 'name is missing'],
    ['an illegal name', serviceJson('Upper'), 'is not allowed'],
    ['a name beginning with a digit', serviceJson('1st'), 'is not allowed'],
    ['no metadata', { name: 'x', processor_path: '/x' }, 'metadata is missing'],
    ['no metadata.instance', serviceJson('x', { metadata: { cpu: 1 } }), 'metadata.instance is missing'],
    ['no whole instance', serviceJson('x', { metadata: { instance: 1.5 } }), 'metadata.instance must be'],
    ['a fleet', serviceJson('x', { metadata: { instance: 5000 } }), 'from 0 to 100'],
    ['no processor', { name: 'x', metadata: { instance: 1 } }, 'processor is missing'],
    ['no entry', serviceJson('x', { processor_entry: undefined }), 'processor_entry is missing'],
    ['an unknown type', serviceJson('x', { processor_type: 'go' }), 'cpp, java or python'],
    ['a preset', { name: 'x', processor: 'pmml', metadata: { instance: 1 } }, 'needs the cloud service'],
    [
      'java without its class',
      serviceJson('x', { processor_type: 'java' }),
      'processor_mainclass is missing',
    ],
    ['containers', serviceJson('x', { containers: [{ image: 'x' }] }), 'cloud service only'],
    [
      'threads of zero',
      serviceJson('x', { metadata: { instance: 1, 'rpc.worker_threads': 0 } }),
      'rpc.worker_threads',
    ],
    ['a list', [1], 'must be a JSON object'],
  ];
  test.each(bad)('refuses %s', async (_what, body, message) => {
    const refusal = await local.refused('POST', 'services', {}, body);
    expect(refusal).toMatchObject({ status: 400, message: expect.stringContaining(message) });
  });

  test('a name that exists is a conflict', async () => {
    const refusal = await local.refused('POST', 'services', {}, serviceJson('first'));
    expect(refusal.status).toBe(409);
    expect(refusal.message).toBe('Service [first] in region [local] already exists');
  });

  test(
    'tokens: generated with 56 characters, given, or empty for a public service',
    async () => {
      const count = { metadata: { instance: 0 } };
      const generated = await local.service('first');
      expect(Buffer.from(generated.AccessToken, 'base64').toString()).toMatch(/^[0-9a-f]{40}$/);
      expect(generated.AccessToken).toHaveLength(56);
      expect((await local.create('given', { ...count, token: 'open-sesame' })).AccessToken).toBe(
        'open-sesame',
      );
      expect((await local.create('public', { ...count, token: '' })).AccessToken).toBe('');
      const asked = await local.create('asked', { ...count, token: '', generate_token: 'true' });
      expect(asked.AccessToken).toHaveLength(56);
      expect((await local.post('public', '', '')).status).toBe(503);
      for (const name of ['given', 'public', 'asked']) {
        await local.call('DELETE', `services/local/${name}`);
        await local.gone(name);
      }
    },
    LIMIT_MS,
  );

  test('the reply and the service name their fields as the reference does', async () => {
    const service = await local.service('third_one');
    expect(service).toMatchObject({
      ServiceName: 'third_one',
      ServiceId: expect.stringMatching(/^eas-m-[0-9a-z]{18}$/),
      Region: 'local',
      Status: 'Running',
      Reason: 'RUNNING',
      TotalInstance: 0,
      RunningInstance: 0,
      PendingInstance: 0,
      Image: expect.stringMatching(
        /^registry-vpc\.local\.aliyuncs\.com\/eas\/third_one_local:v0\.0\.1-\d{14}$/,
      ),
      Weight: 0,
      LatestVersion: 1,
      CurrentVersion: 1,
      InternetEndpoint: `${local.info.apiUrl}/api/predict/third_one`,
      CreateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(JSON.parse(service.ServiceConfig).metadata).toEqual({ instance: 0, region: 'local' });
  });
});

describe('ListServices', () => {
  test('pages, newest first, and filters by a part of the name', async () => {
    const page = await local.call('GET', 'services', { PageNumber: '2', PageSize: '2' });
    expect([page.PageNumber, page.PageSize, page.TotalCount]).toEqual([2, 2, 3]);
    expect(names(page)).toEqual(['first']);
    expect(names(await local.call('GET', 'services', { Filter: 'i' }))).toEqual(['third_one', 'first']);
    expect(names(await local.call('GET', 'services', { Filter: '_' }))).toEqual(['third_one']);
    const sorted = await local.call('GET', 'services', { Sort: 'ServiceName', Order: 'Asc' });
    expect(names(sorted)).toEqual(['first', 'second', 'third_one']);
    expect(names(await local.call('GET', 'services', { ServiceStatus: 'Stopped' }))).toEqual([]);
  });

  test('labels are set, found and taken away', async () => {
    const labels = { Labels: { team: 'vision', stage: 'test' } };
    expect((await local.call('PUT', 'services/local/second/label', {}, labels)).Message).toBe(
      'Succeed to update service [second] labels.',
    );
    const find = async (label: unknown) =>
      names(await local.call('GET', 'services', { Label: JSON.stringify(label) }));
    expect(await find({ team: 'vision' })).toEqual(['second']);
    expect(await find({ team: null })).toEqual(['second']);
    expect(await find({ team: 'speech' })).toEqual([]);
    await local.call('DELETE', 'services/local/second/label', { LabelKeys: '["team"]' });
    expect((await local.service('second')).Labels).toEqual([{ LabelKey: 'stage', LabelValue: 'test' }]);
  });

  test('bad paging and filters nobody serves are refused, not ignored', async () => {
    expect(await local.refused('GET', 'services', { PageSize: '0' })).toMatchObject({ status: 400 });
    expect(await local.refused('GET', 'services', { Order: 'up' })).toMatchObject({ status: 400 });
    expect((await local.refused('GET', 'services', { ResourceId: 'eas-r-x' })).message).toContain(
      'ResourceId',
    );
  });
});

describe('changes that can not be made', () => {
  const bad: [string, string, unknown, string][] = [
    [
      'version',
      'a version that does not exist',
      { Version: 7 },
      'Version 7 of service [first] does not exist',
    ],
    ['version', 'no version', {}, 'Version is missing'],
    ['version', 'version zero', { Version: 0 }, 'at least 1'],
    ['scale', 'no count', {}, 'Instance is missing'],
    ['scale', 'instances nobody knows', { Instance: 0, InstancesToDelete: ['x'] }, 'no instance "x"'],
    ['lock', 'an unknown lock', { Lock: 'some' }, 'all, dangerous or none'],
    ['', 'another name', { name: 'other' }, "name can't be changed"],
    ['', 'nonsense in metadata', { metadata: { instance: 'many' } }, 'metadata.instance must be'],
  ];
  test.each(bad)('%s with %s', async (path, _what, body, message) => {
    const target = path ? `services/local/first/${path}` : 'services/local/first';
    const refusal = await local.refused('PUT', target, {}, body);
    expect(refusal).toMatchObject({ status: 400, message: expect.stringContaining(message) });
  });

  test('every change of a service that is not there names it', async () => {
    for (const path of ['start', 'stop', 'restart']) {
      const refusal = await local.refused('PUT', `services/local/nobody/${path}`);
      expect(refusal).toMatchObject({ status: 404, code: 'InvalidService.NotFound' });
    }
  });
});

test('replace keeps nothing of the old settings but the name', async () => {
  const { name: _name, ...json } = serviceJson('second', { metadata: { instance: 0, cpu: 2 } });
  await local.call('PUT', 'services/local/second', { UpdateType: 'replace' }, json);
  const config = JSON.parse((await local.until('second', 'Running')).ServiceConfig);
  expect(config).toEqual({ name: 'second', ...json, metadata: { instance: 0, cpu: 2, region: 'local' } });
});

test('log pages: the newest page first, oldest line first in it', async () => {
  const folder = join(local.dataDir, 'logs/first');
  mkdirSync(folder, { recursive: true });
  const lines = Array.from({ length: 25 }, (_, index) => `line ${index}`);
  appendFileSync(join(folder, 'first-x-y.log'), `${lines.join('\n')}\n`);
  const page = (PageNum: string) =>
    local.call('GET', 'services/local/first/logs', { InstanceName: 'first-x-y', PageNum, PageSize: '10' });
  expect((await page('1')).Logs).toEqual(lines.slice(15));
  expect(await page('3')).toMatchObject({
    Logs: lines.slice(0, 5),
    PageNum: 3,
    TotalCount: 25,
    TotalPageNum: 3,
  });
  const found = await local.call('GET', 'services/local/first/logs', { Keyword: '13' });
  expect(found.Logs).toEqual(['line 13']);
  expect(await local.refused('GET', 'services/local/first/logs', { InstanceName: 'gone' })).toMatchObject({
    status: 404,
  });
});

test('discovery and endpoints name the ready instances', async () => {
  const { AccessToken } = await local.create('direct', { metadata: { instance: 2 } });
  const ports = (await local.instances('direct')).map(({ InstancePort }) => InstancePort).sort();
  for (const path of [
    '/exported/apis/eas.alibaba-inc.k8s.io/v1/upstreams/',
    '/api/v1/servicediscovery/upstreams/',
  ]) {
    const found = (await (await fetch(`${local.info.apiUrl}${path}direct`)).json()) as Reply;
    const items = found.endpoints.items as Reply[];
    expect(items.map(({ port }) => port).sort()).toEqual(ports);
    expect(items[0]).toMatchObject({ app: 'direct', ip: '127.0.0.1', weight: 100 });
  }
  const endpoints = await local.call('GET', 'services/local/direct/endpoints');
  expect(endpoints).toMatchObject({ AccessToken, Message: 'Execution succeeded.' });
});

test('the console page shows services and no token', async () => {
  const page = await (await fetch(`${local.info.apiUrl}/`)).text();
  expect(page).toContain('third_one');
  expect(page).not.toContain((await local.service('third_one')).AccessToken);
});
