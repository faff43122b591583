import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalUnderTest, serviceJson } from './support.ts';

const LIMIT_MS = 60_000;
let local: LocalUnderTest;
beforeAll(async () => {
  local = await new LocalUnderTest().start();
});
afterAll(() => local.end());

describe('the life of a service', () => {
  test(
    'create goes through the messages of the reference to Running',
    async () => {
      await local.call('POST', 'services', {}, serviceJson('life'));
      await local.until('life', 'Running');
      const { Events } = await local.call('GET', 'services/local/life/events');
      const told = Events.filter((event: { Resource: string }) => event.Resource === 'Service')
        .map(
          (event: { Reason: string; Message: string }) =>
            `${event.Reason}: ${JSON.parse(event.Message).message}`,
        )
        .reverse();
      expect(told).toEqual([
        expect.stringMatching(/^Creating: Downloading http file: /),
        'Creating: Successfully downloaded all artifacts',
        'Creating: Successfully created ingress',
        'Creating: Successfully synchronized resources',
        'Waiting: Service is Waiting',
        'Running: Service start successfully',
      ]);
    },
    LIMIT_MS,
  );

  test(
    'scaling leaves the instances that are there alone',
    async () => {
      const [first] = await local.instances('life');
      const reply = await local.call('PUT', 'services/local/life', {}, { metadata: { instance: 3 } });
      expect(reply.Message).toBe('Succeed to update service [life] in region [local]');
      const scaled = await local.until('life', 'Running');
      expect([scaled.TotalInstance, scaled.RunningInstance, scaled.LatestVersion]).toEqual([3, 3, 1]);
      const three = await local.instances('life');
      expect(three.find(({ InstanceName }) => InstanceName === first!.InstanceName)?.InstancePort).toBe(
        first!.InstancePort,
      );
      const leaving = three[0]!.InstanceName;
      const down = { Instance: 2, InstancesToDelete: [leaving] };
      expect((await local.call('PUT', 'services/local/life/scale', {}, down)).Message).toBe(
        'Service [life] in region [local] is scaling',
      );
      await local.until('life', 'Running');
      const two = (await local.instances('life')).filter(({ Status }) => Status === 'Running');
      expect(two.map(({ InstanceName }) => InstanceName)).not.toContain(leaving);
      expect(two).toHaveLength(2);
    },
    LIMIT_MS,
  );

  test(
    'model information makes a new version, version brings the old one back, and both really run',
    async () => {
      await local.call('PUT', 'services/local/life', {}, { model_config: 'second' });
      const second = await local.until('life', 'Running');
      expect([second.CurrentVersion, second.LatestVersion]).toEqual([2, 2]);
      expect((await local.predict('life', 'x')).text).toMatch(/^life-\S+ v2 x$/);

      const back = await local.call('PUT', 'services/local/life/version', {}, { Version: 1 });
      expect(back.Message).toBe('Service [life] in region [local] is starting');
      const first = await local.until('life', 'Running');
      expect([first.CurrentVersion, first.LatestVersion, first.TotalInstance]).toEqual([1, 2, 2]);
      expect((await local.predict('life', 'x')).text).toMatch(/^life-\S+ v1 x$/);
      const { Versions, TotalCount } = await local.call('GET', 'services/local/life/versions');
      expect(TotalCount).toBe(2);
      expect(Versions.map(({ ImageId }: { ImageId: number }) => ImageId)).toEqual([2, 1]);
    },
    LIMIT_MS,
  );

  test(
    'a token that was changed stays when a version is switched and afterwards',
    async () => {
      await local.create('token', { token: 'old', metadata: { instance: 0 } });
      await local.call('PUT', 'services/local/token', {}, { model_config: '2', token: 'new' });
      await local.call('PUT', 'services/local/token/version', {}, { Version: 1 });
      await local.call('PUT', 'services/local/token', {}, { metadata: { cpu: 2 } });
      const service = await local.service('token');
      expect([service.AccessToken, JSON.parse(service.ServiceConfig).token]).toEqual(['new', 'new']);
    },
    LIMIT_MS,
  );

  test(
    'other settings replace the instances without a new version',
    async () => {
      const before = (await local.instances('life')).map(({ InstanceName }) => InstanceName);
      await local.call('PUT', 'services/local/life', {}, { metadata: { rpc: { keepalive: 9000 } } });
      const after = await local.until('life', 'Running');
      expect(after.LatestVersion).toBe(2);
      const now = (await local.instances('life')).filter(({ Status }) => Status === 'Running');
      for (const { InstanceName } of now) expect(before).not.toContain(InstanceName);
    },
    LIMIT_MS,
  );

  test(
    'stop ends the instances, start brings them back, delete forgets the service',
    async () => {
      expect((await local.call('PUT', 'services/local/life/stop')).Message).toBe(
        'Service [life] in region [local] is stopping',
      );
      const stopped = await local.until('life', 'Stopped');
      expect([stopped.TotalInstance, stopped.RunningInstance, stopped.PendingInstance]).toEqual([2, 0, 0]);
      expect(await local.instances('life')).toEqual([]);
      expect(await local.predict('life')).toEqual({ status: 503, text: 'no healthy upstream' });

      await local.call('PUT', 'services/local/life/start');
      const started = await local.until('life', 'Running');
      expect(started.AccessToken).toBe(stopped.AccessToken);
      expect((await local.predict('life', 'again')).status).toBe(200);

      const { Message } = await local.call('DELETE', 'services/local/life');
      expect(Message).toBe('Service [life] in region [local] is terminating');
      await local.gone('life');
      expect(await local.refused('GET', 'services/local/life')).toMatchObject({
        status: 404,
        code: 'InvalidService.NotFound',
      });
      expect((await local.post('life', started.AccessToken, '')).status).toBe(404);
      await local.create('life');
      expect((await local.service('life')).LatestVersion).toBe(1);
    },
    LIMIT_MS,
  );

  test(
    'a deleted instance is replaced; a soft restart keeps its name',
    async () => {
      await local.create('replaced');
      const [before] = await local.instances('replaced');
      const query = { InstanceList: before!.InstanceName };
      await local.call('DELETE', 'services/local/replaced/instances', { ...query, SoftRestart: 'true' });
      let after = before!;
      while (after.RestartCount === 0 || after.ReadyProcesses === 0)
        [after] = (await local.instances('replaced')) as [typeof after];
      expect(after.InstanceName).toBe(before!.InstanceName);

      const reply = await local.call('DELETE', 'services/local/replaced/instances', query);
      expect(reply.Message).toBe(
        `Instance(s) [${before!.InstanceName}] for service [replaced] in region [local] was deleted successfully`,
      );
      while (
        (await local.instances('replaced')).some(({ InstanceName }) => InstanceName === before!.InstanceName)
      )
        await Bun.sleep(10);
      await local.until('replaced', 'Running');
      expect(await local.instances('replaced')).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

describe('when things go wrong', () => {
  test(
    'a processor that never loads makes the service Failed, with reason, restarts and last state',
    async () => {
      const json = serviceJson('unloadable', { metadata: { instance: 1, fake: 'fail' } });
      await local.call('POST', 'services', {}, json);
      const seen: string[] = [];
      const failed = await local.until('unloadable', 'Failed', seen);
      expect(failed.Message).toContain('app.py ended with code 1');
      expect(failed.RunningInstance).toBe(0);
      const [instance] = await local.instances('unloadable');
      expect(instance).toMatchObject({ Status: 'Running', ReadyProcesses: 0, Reason: 'CrashLoopBackOff' });
      expect(instance!.RestartCount).toBeGreaterThanOrEqual(3);
      expect(instance!.LastState).toEqual([
        { exitCode: 1, reason: 'Error', startedAt: expect.any(String), finishedAt: expect.any(String) },
      ]);
      const { Logs } = await local.call('GET', 'services/local/unloadable/logs', {
        InstanceName: instance!.InstanceName,
      });
      expect(Logs).toContain('ImportError: no module named nothing');

      writeFileSync(join(local.dataDir, 'services/unloadable/v1/repaired'), '');
      await local.call('PUT', 'services/local/unloadable/start');
      for (let status = ''; status !== 'Running'; status = (await local.service('unloadable')).Status)
        await Bun.sleep(10);
    },
    LIMIT_MS,
  );

  test(
    'enable_crash_block leaves a crashed processor down, and the service says so at once',
    async () => {
      const json = serviceJson('blocked', {
        metadata: { instance: 1, fake: 'fail' },
        runtime: { enable_crash_block: true },
      });
      await local.call('POST', 'services', {}, json);
      expect((await local.until('blocked', 'Failed')).Message).toContain('failed once');
      expect((await local.instances('blocked'))[0]).toMatchObject({ Reason: 'Error', RestartCount: 1 });
    },
    LIMIT_MS,
  );

  test(
    'a worker process that is killed is started again and counted',
    async () => {
      await local.create('killed');
      const worker = local.processes().find(({ command }) => command.endsWith('__worker'));
      const others = new Map(
        (await local.call('GET', 'services')).Services.map((s: { ServiceName: string }) => [
          s.ServiceName,
          s,
        ]),
      );
      expect(others.has('killed')).toBe(true);
      expect(worker).toBeDefined();
      for (const { pid, command } of local.processes())
        if (command.endsWith('__worker')) process.kill(pid, 'SIGKILL');
      let [instance] = await local.instances('killed');
      while (instance!.RestartCount === 0 || instance!.ReadyProcesses === 0) {
        await Bun.sleep(10);
        [instance] = await local.instances('killed');
      }
      expect(instance!.LastState[0]).toMatchObject({ exitCode: 137, reason: 'Error' });
      await local.until('killed', 'Running');
      expect((await local.predict('killed', 'alive')).text).toEndWith(' v1 alive');
    },
    LIMIT_MS,
  );

  test(
    'a package that is no archive makes the service Failed with the reason',
    async () => {
      writeFileSync(join(local.dataDir, 'broken.tar.gz'), 'x');
      const json = serviceJson('unpackable', { processor_path: join(local.dataDir, 'broken.tar.gz') });
      await local.call('POST', 'services', {}, json);
      const failed = await local.until('unpackable', 'Failed');
      expect(failed.Message).toMatch(/^Version 1 can't be prepared: .*broken.tar.gz is no archive$/);
    },
    LIMIT_MS,
  );

  test(
    'a version that does not load, or can not be unpacked, leaves the old one serving',
    async () => {
      await local.create('guarded', { metadata: { instance: 2 } });
      await local.call(
        'PUT',
        'services/local/guarded',
        {},
        { model_config: '2', metadata: { fake: 'fail' } },
      );
      const failed = await local.until('guarded', 'Failed');
      expect(failed.Message).toContain('keep serving');
      expect([failed.CurrentVersion, failed.RunningInstance]).toEqual([2, 2]);
      for (let count = 0; count < 5; count++)
        expect((await local.predict('guarded', 'x')).text).toEndWith(' v1 x');

      writeFileSync(join(local.dataDir, 'broken.zip'), 'x');
      await local.call(
        'PUT',
        'services/local/guarded',
        {},
        { processor_path: join(local.dataDir, 'broken.zip') },
      );
      while (!(await local.service('guarded')).Message.includes('broken.zip')) await Bun.sleep(10);
      const unprepared = await local.until('guarded', 'Failed');
      expect(unprepared.Message).toContain('version 1 keeps serving');
      expect((await local.predict('guarded', 'x')).text).toEndWith(' v1 x');

      await local.call('PUT', 'services/local/guarded/version', {}, { Version: 1 });
      for (let status = ''; status !== 'Running'; status = (await local.service('guarded')).Status)
        await Bun.sleep(10);
      expect((await local.service('guarded')).RunningInstance).toBe(2);
    },
    LIMIT_MS,
  );

  test(
    'a safety lock stops deletion and stopping until it is taken off',
    async () => {
      await local.create('precious');
      await local.call('PUT', 'services/local/precious/lock', {}, { Lock: 'dangerous' });
      expect(await local.refused('DELETE', 'services/local/precious')).toMatchObject({ status: 403 });
      expect(await local.refused('PUT', 'services/local/precious/stop')).toMatchObject({ status: 403 });
      await local.call('PUT', 'services/local/precious/restart');
      await local.call('PUT', 'services/local/precious/lock', {}, { Lock: 'none' });
      await local.call('DELETE', 'services/local/precious');
      await local.gone('precious');
    },
    LIMIT_MS,
  );
});

test(
  'no request is lost while versions are switched, settings changed and instances scaled under load',
  async () => {
    const { AccessToken } = await local.create('busy', { metadata: { instance: 2, fake: 'slow' } });
    let isOver = false;
    const answers = new Map<string, number>();
    const client = async () => {
      while (!isOver) {
        const { status, text } = await local
          .post('busy', AccessToken, 'x')
          .catch((error) => ({ status: 0, text: String(error) }));
        const key = status === 200 ? `200 ${text.split(' ')[1]}` : `${status} ${text}`;
        answers.set(key, (answers.get(key) ?? 0) + 1);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    const settle = () => local.until('busy', 'Running');
    await local.call('PUT', 'services/local/busy', {}, { model_config: 'second' });
    await settle();
    await local.call('PUT', 'services/local/busy/version', {}, { Version: 1 });
    await settle();
    await local.call('PUT', 'services/local/busy', {}, { metadata: { 'rpc.keepalive': 7000 } });
    await settle();
    await local.call('PUT', 'services/local/busy/scale', {}, { Instance: 1 });
    await settle();
    await local.call('PUT', 'services/local/busy/version', {}, { Version: 2 });
    await settle();
    await Bun.sleep(200);
    isOver = true;
    await Promise.all(clients);
    expect([...answers.keys()].sort()).toEqual(['200 v1', '200 v2']);
  },
  LIMIT_MS,
);
