import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { markLine, marksFile } from '../../src/core/worker/log-marks.ts';
import { LocalUnderTest, serviceJson } from './support.ts';

/** Operations that the vendor's tool has no command for, called by pop-core. */
let local: LocalUnderTest;
beforeAll(async () => {
  local = await new LocalUnderTest().start();
  await local.create('first', { token: 'mine', labels: { team: 'search' } });
});
afterAll(() => local.end());

const first = 'services/local/first';

/** Names of the instances that are not on their way out. */
const working = async (service: string) =>
  (await local.instances(service))
    .filter(({ Status }) => Status !== 'Terminating')
    .map(({ InstanceName }) => InstanceName);

// proves: restart (wire, pop-core)
test('RestartService replaces every instance', async () => {
  const [before] = await local.instances('first');
  expect(await local.call('PUT', `${first}/restart`)).toMatchObject({ Message: 'Service is restarting' });
  await local.until('first', 'Running');
  expect(await working('first')).not.toContain(before!.InstanceName);
});

// proves: version (wire, pop-core)
test('UpdateServiceVersion to the current version deploys it once more', async () => {
  const [before] = await local.instances('first');
  await local.call('PUT', `${first}/version`, {}, { Version: 1 });
  expect(await local.until('first', 'Running')).toMatchObject({ CurrentVersion: 1, LatestVersion: 1 });
  expect(await working('first')).not.toContain(before!.InstanceName);
});

describe('CloneService', () => {
  // proves: clone (wire, pop-core)
  test('makes a service from another, with what differs', async () => {
    const reply = await local.call('POST', `${first}/clone`, {}, { name: 'copy', metadata: { memory: 900 } });
    expect(reply).toMatchObject({ ServiceName: 'copy', Status: 'Creating' });
    expect(reply.InternetEndpoint).toEndWith('/api/predict/copy');
    const copy = await local.until('copy', 'Running');
    expect(copy).toMatchObject({ Memory: 900, CurrentVersion: 1, SafetyLock: 'none' });
    expect(copy.AccessToken).not.toBe('mine');
    expect(copy.Labels).toEqual([{ LabelKey: 'team', LabelValue: 'search' }]);
    expect(await local.service('first')).toMatchObject({ AccessToken: 'mine', Memory: 4096 });
  });

  test.each([
    ['no name', {}, 400, 'name is missing'],
    ['its own name', { name: 'first' }, 400, 'another one than [first]'],
    ['a name that is taken', { name: 'copy' }, 409, 'already exists'],
    ['a name that is none', { name: 'Copy-2' }, 400, 'is not allowed'],
  ])('refuses %s', async (_what, body, status, message) => {
    const refusal = await local.refused('POST', `${first}/clone`, {}, body);
    expect(refusal).toMatchObject({ status, message: expect.stringContaining(message) });
  });
});

// proves: lock (wire, pop-core)
test('a lock stops delete and stop, and says how to open it', async () => {
  await local.call('PUT', `${first}/lock`, {}, { Lock: 'dangerous' });
  for (const [method, path] of [
    ['DELETE', first],
    ['PUT', `${first}/stop`],
  ] as const)
    expect(await local.refused(method, path)).toMatchObject({
      status: 403,
      code: 'Forbidden.SafetyLock',
      message: expect.stringContaining('eascmd lock first none'),
    });
  await local.call('PUT', `${first}/scale`, {}, { Instance: 1 });
  expect(await local.call('PUT', `${first}/lock`, {}, { Lock: 'none' })).toMatchObject({
    Message: 'service safety lock updated to none',
  });
});

describe('DescribeServiceLog', () => {
  const at = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second);
  const name = 'first-old-instance';

  /** Lines `<second>.<n>`, three at each of the seconds; one piece of output ends in the middle of a line. */
  function writeLog(seconds: number[], startAt?: number): void {
    const folder = join(local.dataDir, 'logs/first');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.log`);
    let offset = 0;
    for (const second of seconds) {
      const atMs = at(second) + 400;
      appendFileSync(marksFile(path), markLine({ atMs, offset, isStart: second === startAt }));
      const text = `${second}.0\n${second}.1\n${second}.2\n`;
      appendFileSync(path, text);
      offset += text.length;
    }
    utimesSync(path, new Date(at(60)), new Date(at(60)));
  }
  const logs = async (query: Record<string, string>) =>
    (await local.call('GET', `${first}/logs`, { InstanceName: name, ...query })).Logs as string[];

  // proves: logs (wire, pop-core)
  test('by StartTime, EndTime and Keyword', async () => {
    writeLog([10, 20, 30]);
    expect(await logs({})).toHaveLength(9);
    expect(await logs({ StartTime: '2026-01-01 00:00:20' })).toEqual([
      '20.0',
      '20.1',
      '20.2',
      '30.0',
      '30.1',
      '30.2',
    ]);
    expect(await logs({ EndTime: '2026-01-01 00:00:20' })).toEqual([
      '10.0',
      '10.1',
      '10.2',
      '20.0',
      '20.1',
      '20.2',
    ]);
    const window = { StartTime: '2026-01-01 00:00:15', EndTime: '2026-01-01 00:00:25' };
    expect(await logs(window)).toEqual(['20.0', '20.1', '20.2']);
    expect(await logs({ ...window, Keyword: '.1' })).toEqual(['20.1']);
    // Marks are a second apart: what stands at 30.4 may have been printed until 31.4.
    expect(await logs({ StartTime: '2026-01-01 00:00:32' })).toEqual([]);
    expect(await logs({ StartTime: '2026-01-01 00:00:30', EndTime: '2026-01-01 00:00:10' })).toEqual([]);
  });

  test('of an instance that ended everything is Previous', async () => {
    expect(await logs({ Previous: 'true' })).toHaveLength(9);
  });

  test('of one that runs and was never restarted nothing is', async () => {
    const [running] = await local.instances('first');
    expect(await logs({ InstanceName: running!.InstanceName, Previous: 'true' })).toEqual([]);
  });

  test.each(['2026-01-01', '2026-01-01T00:00:00Z', '2026-13-01 00:00:00', 'now'])(
    'StartTime %s is refused',
    async (StartTime) => {
      const refusal = await local.refused('GET', `${first}/logs`, { StartTime });
      expect(refusal).toMatchObject({
        status: 400,
        message: expect.stringContaining('StartTime must be YYYY-MM-DD HH:MM:SS in UTC'),
      });
    },
  );
});

test('a version that can not be prepared is Failed at once, whatever is asked of it', async () => {
  const json = serviceJson('broken', { processor_path: join(import.meta.dir, 'broken.tar.gz') });
  await local.call('POST', 'services', {}, json);
  await local.until('broken', 'Failed');
  await local.call('PUT', 'services/local/broken/scale', {}, { Instance: 3 });
  const failed = await local.until('broken', 'Failed');
  expect(failed).toMatchObject({ TotalInstance: 3, Message: expect.stringContaining("can't be prepared") });
});
