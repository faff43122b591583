import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { LocalUnderTest, type Reply, serviceJson } from './support.ts';

const LIMIT_MS = 60_000;
let local: LocalUnderTest;
beforeAll(async () => {
  local = await new LocalUnderTest().start();
});
afterAll(() => local.end());

const pair = async (name: string) => JSON.parse((await local.service(name)).ExtraData).blue_green_services;
const release = (name: string, Weight: unknown) =>
  local.call('PUT', `services/local/${name}/release`, {}, { Weight });

async function twinOf(name: string, change: Record<string, unknown> = {}): Promise<string> {
  const created = await local.call('POST', 'services', { BlueGreen: 'true' }, serviceJson(name, change));
  await local.until(created.ServiceName, 'Running');
  return created.ServiceName;
}

/** Which service answered, of `count` requests to one path. */
async function answered(path: string, token: string, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let at = 0; at < count; at++) {
    const { status, text } = await local.post(path, token, 'x');
    const who = status === 200 ? text.split('-').slice(0, -2).join('_') : String(status);
    counts[who] = (counts[who] ?? 0) + 1;
  }
  return counts;
}

/** Calls a path without pause until it is told to stop; every answer that is no 200 is kept. */
function load(path: string, token: string) {
  let isOver = false;
  const bad: string[] = [];
  let sent = 0;
  const loops = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      sent++;
      const { status, text } = await local.post(path, token, 'x');
      if (status !== 200) bad.push(`${status} ${text}`);
    }
  });
  return {
    async stop() {
      isOver = true;
      await Promise.all(loops);
      return { sent, bad };
    },
  };
}

describe('one round of a blue-green release', () => {
  let old: Reply;
  let twin: string;

  test(
    'the twin has a name, an endpoint and a token of its own, and both know each other',
    async () => {
      old = await local.create('blue');
      twin = await twinOf('blue');
      expect(twin).toMatch(/^blue_[0-9a-f]{8}$/);
      const described = await local.service(twin);
      expect(described.IntranetEndpoint).toEndWith(`/api/predict/${twin}`);
      expect(described.AccessToken).not.toBe(old.AccessToken);
      expect(JSON.parse(described.ServiceConfig).name).toBe(twin);
      expect(await pair('blue')).toEqual(['blue', twin]);
      expect(await pair(twin)).toEqual(['blue', twin]);
      expect(await answered('blue', old.AccessToken, 5)).toEqual({ blue: 5 });
      expect(await answered(twin, described.AccessToken, 5)).toEqual({ [twin]: 5 });
      expect((await local.post('blue', described.AccessToken, 'x')).status).toBe(401);
    },
    LIMIT_MS,
  );

  test(
    'a third one at the same time is refused',
    async () => {
      for (const name of ['blue', twin])
        expect(
          await local.refused('POST', 'services', { BlueGreen: 'true' }, serviceJson(name)),
        ).toMatchObject({ status: 409, code: 'ReleaseInProgress' });
    },
    LIMIT_MS,
  );

  test(
    'release splits the old path by weight and closes the endpoint of the twin',
    async () => {
      const { AccessToken } = await local.service(twin);
      expect((await release(twin, 20)).Message).toBe(
        `Releasing service [${twin}] in region [local] with weight [20], service status: [Running]`,
      );
      const counts = await answered('blue', old.AccessToken, 100);
      expect(Object.keys(counts).sort()).toEqual(['blue', twin]);
      expect(Math.abs(counts[twin]! - 20)).toBeLessThan(3);
      expect((await local.post(twin, AccessToken, 'x')).status).toBe(404);
      expect([(await local.service('blue')).Weight, (await local.service(twin)).Weight]).toEqual([80, 20]);
      const { Services } = await local.call('GET', 'services');
      expect(Services.map(({ Weight }: Reply) => Weight).sort()).toEqual([20, 80]);
      const described = await local.service(twin);
      expect(described.IntranetEndpoint).toBe(old.IntranetEndpoint);
      expect(described.AccessToken).toBe(old.AccessToken);
    },
    LIMIT_MS,
  );

  test.each([
    [0, 'blue'],
    [100, 'twin'],
  ] as const)(
    'weight %d gives everything to one side',
    async (weight, side) => {
      await release(twin, weight);
      const winner = side === 'twin' ? twin : 'blue';
      expect(await answered('blue', old.AccessToken, 10)).toEqual({ [winner]: 10 });
    },
    LIMIT_MS,
  );

  test.each([[-1], [101], [2.5], ['20'], [true]])('weight %p is refused', async (weight) => {
    expect(
      await local.refused('PUT', `services/local/${twin}/release`, {}, { Weight: weight }),
    ).toMatchObject({ status: 400, code: 'InvalidParameter' });
  });

  test('what is missing or unknown is said', async () => {
    const path = `services/local/${twin}/release`;
    expect(await local.refused('PUT', path, {}, {})).toMatchObject({ code: 'MissingParameter' });
    expect(await local.refused('PUT', path, {}, { Weight: 1, TrafficState: 'grouping' })).toMatchObject({
      message: 'TrafficState is not supported by Local EAS',
    });
    expect(await local.refused('PUT', 'services/local/nobody/release', {}, { Weight: 1 })).toMatchObject({
      code: 'InvalidService.NotFound',
    });
    expect(
      await local.refused('POST', 'services', { BlueGreen: 'true' }, serviceJson('nobody')),
    ).toMatchObject({ code: 'InvalidService.NotFound' });
    await local.create('alone');
    expect(await local.refused('PUT', 'services/local/alone/release', {}, { Weight: 1 })).toMatchObject({
      code: 'InvalidService.NotAssociated',
    });
  });

  test(
    'rolling back: the twin is deleted, the old service is as it was',
    async () => {
      await release(twin, 50);
      const requests = load('blue', old.AccessToken);
      await local.call('DELETE', `services/local/${twin}`);
      await local.gone(twin);
      const { sent, bad } = await requests.stop();
      expect(bad).toEqual([]);
      expect(sent).toBeGreaterThan(0);
      const now = await local.service('blue');
      expect([now.ExtraData, now.Weight, now.AccessToken]).toEqual(['{}', 0, old.AccessToken]);
    },
    LIMIT_MS,
  );
});

describe('several rounds', () => {
  test(
    'the oldest path stays the entrance while services come and go behind it, and loses no request',
    async () => {
      const first = await local.create('steady', { metadata: { instance: 2 } });
      const requests = load('steady', first.AccessToken);
      let current = 'steady';
      // The service JSON keeps its name in the odd rounds, and names the running service in the even ones.
      for (const name of ['steady', undefined, 'steady']) {
        const twin = await twinOf(name ?? current, { metadata: { instance: 2 } });
        expect(twin).toMatch(new RegExp(`^${name ?? current}_[0-9a-f]{8}$`));
        for (const weight of [20, 70, 100]) await release(twin, weight);
        await local.call('DELETE', `services/local/${current}`);
        await local.gone(current);
        expect(await answered('steady', first.AccessToken, 5)).toEqual({ [twin]: 5 });
        current = twin;
      }
      const { sent, bad } = await requests.stop();
      expect(bad).toEqual([]);
      expect(sent).toBeGreaterThan(100);

      expect(await local.refused('POST', 'services', {}, serviceJson('steady'))).toMatchObject({
        status: 409,
        code: 'ServiceAlreadyExists',
      });
      await local.killDaemon();
      await local.start();
      await local.until(current, 'Running');
      expect(await answered('steady', first.AccessToken, 5)).toEqual({ [current]: 5 });
      await local.call('DELETE', `services/local/${current}`);
      await local.gone(current);
      expect((await local.post('steady', first.AccessToken, 'x')).status).toBe(404);
      await local.create('steady');
    },
    LIMIT_MS,
  );

  test(
    'a twin that was never released takes over when the old service is deleted',
    async () => {
      const old = await local.create('sudden', { token: 'abc' });
      const twin = await twinOf('sudden');
      const requests = load('sudden', old.AccessToken);
      await local.call('DELETE', 'services/local/sudden');
      await local.gone('sudden');
      expect((await requests.stop()).bad).toEqual([]);
      expect(await answered('sudden', 'abc', 3)).toEqual({ [twin]: 3 });
      await local.call('PUT', `services/local/${twin}`, {}, { token: 'def' });
      expect((await local.post('sudden', 'abc', 'x')).status).toBe(401);
      expect((await local.post('sudden', 'def', 'x')).status).toBe(200);
    },
    LIMIT_MS,
  );
});
