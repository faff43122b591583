import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EasError } from '../../src/core/errors.ts';
import { readLocal, resetLocal, silent, startLocal, stopLocal } from '../../src/local/launch.ts';
import { findLocal } from '../../src/local/running.ts';
import { fakeHost, isRunning, LocalUnderTest, serviceJson, temporaryDirectory } from './support.ts';

const LIMIT_MS = 120_000;
const opened: LocalUnderTest[] = [];
const folders: string[] = [];
const fresh = () => {
  const local = new LocalUnderTest();
  opened.push(local);
  return local;
};
afterEach(async () => {
  for (const local of opened.splice(0)) await local.end();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const workers = (local: LocalUnderTest) =>
  local.processes().filter(({ command }) => command.endsWith('__worker'));
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

async function failure(work: Promise<unknown>): Promise<EasError> {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(EasError);
  return error as EasError;
}

describe('starting and stopping', () => {
  test(
    'callers at once end with one daemon',
    async () => {
      const local = fresh();
      const start = () => startLocal({ host: local.host, dataDir: local.dataDir, port: 0, objectPort: 0 });
      const infos = await Promise.all(Array.from({ length: 5 }, start));
      expect(new Set(infos.map(({ pid }) => pid)).size).toBe(1);
      expect(infos.filter(({ alreadyRunning }) => !alreadyRunning)).toHaveLength(1);
      expect(local.processes()).toHaveLength(1);
    },
    LIMIT_MS,
  );

  test(
    'the data directory and the credentials are private, and the status tells no secret',
    async () => {
      const local = await fresh().start();
      const credentials = readFileSync(join(local.dataDir, 'credentials.json'), 'utf8');
      const { accessKeySecret, uid } = JSON.parse(credentials);
      expect(uid).toMatch(/^\d{16}$/);
      expect(mode(local.dataDir)).toBe('700');
      expect(mode(join(local.dataDir, 'credentials.json'))).toBe('600');
      expect(mode(join(local.dataDir, 'state.db'))).toBe('600');
      const status = await (await fetch(`${local.info.apiUrl}/_eascmd/status`)).text();
      expect(JSON.parse(status)).toEqual({ ...local.info, alreadyRunning: undefined });
      for (const text of [status, readFileSync(join(local.dataDir, 'logs/daemon.log'), 'utf8')])
        expect(text).not.toContain(accessKeySecret);
    },
    LIMIT_MS,
  );

  test(
    'stop ends the instances and leaves no process, and the next start brings the service back as it was',
    async () => {
      const sockets = temporaryDirectory();
      folders.push(sockets);
      const local = new LocalUnderTest(temporaryDirectory(), fakeHost({ TMPDIR: sockets }));
      opened.push(local);
      await local.start();
      expect(readdirSync(sockets)).toHaveLength(1);
      await local.create('kept', { metadata: { instance: 2 } });
      await local.call('PUT', 'services/local/kept', {}, { model_config: 'second' });
      const before = await local.until('kept', 'Running');
      const current = async () =>
        (await local.instances('kept'))
          .filter(({ Status }) => Status === 'Running')
          .map(({ InstanceName }) => InstanceName)
          .sort();
      const names = await current();
      expect(await stopLocal(local.dataDir)).toBe('stopped');
      expect(local.processes()).toEqual([]);
      expect(readdirSync(sockets)).toEqual([]);
      expect(await readLocal(local.dataDir)).toBeUndefined();
      expect(existsSync(join(local.dataDir, 'daemon.json'))).toBe(false);
      expect(await stopLocal(local.dataDir)).toBe('not-running');

      await local.start();
      const after = await local.until('kept', 'Running');
      for (const field of [
        'AccessToken',
        'ServiceId',
        'CurrentVersion',
        'TotalInstance',
        'CreateTime',
        'UpdateTime',
      ])
        expect(after[field]).toEqual(before[field]);
      while ((await local.service('kept')).RunningInstance < 2) await Bun.sleep(10);
      expect(await current()).toEqual(names);
      expect((await local.predict('kept', 'x')).text).toEndWith(' v2 x');
    },
    LIMIT_MS,
  );

  test(
    'a port that is taken is named together with its option',
    async () => {
      const taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('') });
      const local = fresh();
      try {
        const options = { host: local.host, dataDir: local.dataDir };
        const api = await failure(startLocal({ ...options, port: taken.port, objectPort: 0 }));
        expect(api.message).toBe(`Port ${taken.port} of 127.0.0.1 is taken by another program`);
        expect(api.hint).toContain('--port');
        const objects = await failure(startLocal({ ...options, port: 0, objectPort: taken.port }));
        expect(objects.hint).toContain('--object-port');
        expect(local.processes()).toEqual([]);
      } finally {
        taken.stop(true);
      }
    },
    LIMIT_MS,
  );

  test(
    'a port of another Local EAS is not shared with it, and its owner is named',
    async () => {
      const first = await fresh().start();
      const second = fresh();
      const port = Number(new URL(first.info.apiUrl).port);
      const objectPort = Number(new URL(first.info.objectStoreUrl).port);
      const options = { host: second.host, dataDir: second.dataDir };
      const api = await failure(startLocal({ ...options, port, objectPort: 0 }));
      expect(api.message).toBe(
        `Port ${port} of 127.0.0.1 is taken by the Local EAS of ${first.dataDir} (pid ${first.info.pid})`,
      );
      expect(api.hint).toContain(`eascmd local stop --data-dir ${first.dataDir}`);
      const objects = await failure(startLocal({ ...options, port: 0, objectPort }));
      expect(objects.hint).toContain('--object-port');
      expect(second.processes()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'one that lives but does not answer is not said to be absent, and is stopped by force',
    async () => {
      const sockets = temporaryDirectory();
      folders.push(sockets);
      const local = new LocalUnderTest(temporaryDirectory(), fakeHost({ TMPDIR: sockets }));
      opened.push(local);
      await local.start();
      expect(local.info).toMatchObject((await findLocal(local.dataDir))!);
      process.kill(local.info.pid, 'SIGSTOP');
      while (await findLocal(local.dataDir)) await Bun.sleep(5);
      const { code, message, hint } = silent(local.dataDir)!;
      expect([code, hint]).toEqual(['LocalNotAnswering', expect.stringContaining('eascmd local stop')]);
      expect(message).toContain(`pid ${local.info.pid}`);
      expect(await stopLocal(local.dataDir, 500)).toBe('stopped');
      expect(silent(local.dataDir)).toBeUndefined();
      expect([local.processes(), readdirSync(sockets)]).toEqual([[], []]);
    },
    LIMIT_MS,
  );

  test(
    'reset empties the directory and leaves what is not its own',
    async () => {
      const local = await fresh().start();
      await local.create('forgotten');
      writeFileSync(join(local.dataDir, 'mine.txt'), 'x');
      await resetLocal(local.dataDir);
      expect(readdirSync(local.dataDir)).toEqual(['mine.txt']);
      await local.start();
      expect((await local.call('GET', 'services')).TotalCount).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    'an environment proxy is not used to reach the daemon, and its keys do not reach user code',
    async () => {
      const local = new LocalUnderTest(
        temporaryDirectory(),
        fakeHost({
          HTTP_PROXY: 'http://127.0.0.1:1',
          ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'hush',
          PLAIN: 'kept',
        }),
      );
      opened.push(local);
      await local.start();
      await local.create('private');
      const environment = readFileSync(`/proc/${workers(local)[0]!.pid}/environ`, 'utf8');
      expect(environment).toContain('PLAIN=kept');
      expect(environment).not.toContain('hush');
    },
    LIMIT_MS,
  );
});

describe('kill -9 of the daemon', () => {
  test(
    'leaves no orphan, and the next start serves again with the same version, count and token',
    async () => {
      const local = await fresh().start();
      const before = await local.create('steady', { metadata: { instance: 2 } });
      const pids = workers(local).map(({ pid }) => pid);
      expect(pids).toHaveLength(2);
      await local.killDaemon();
      while (pids.some(isRunning)) await Bun.sleep(10);
      expect(local.processes()).toEqual([]);
      await local.start();
      while ((await local.service('steady')).RunningInstance < 2) await Bun.sleep(10);
      const after = await local.until('steady', 'Running');
      expect([after.AccessToken, after.CurrentVersion]).toEqual([before.AccessToken, before.CurrentVersion]);
      expect((await local.predict('steady', 'x')).text).toEndWith(' v1 x');
    },
    LIMIT_MS,
  );

  test(
    'in the middle of creating: the acknowledged service is created after the next start, the stuck process is ended',
    async () => {
      const local = await fresh().start();
      const path = join(local.dataDir, 'hang.so');
      writeFileSync(path, '');
      const created = await local.call('POST', 'services', {}, serviceJson('half', { processor_path: path }));
      while (local.processes().length < 2) await Bun.sleep(10);
      await local.killDaemon();
      const stuck = local.processes();
      expect(stuck.map(({ command }) => command)).toEqual([expect.stringMatching(/__prepare$/)]);
      await local.start();
      expect(isRunning(stuck[0]!.pid)).toBe(false);
      const service = await local.service('half');
      expect([service.ServiceId, service.Status]).toEqual([created.ServiceId, 'Creating']);
      await local.call('DELETE', 'services/local/half');
      await local.gone('half');
      expect(workers(local)).toEqual([]);
      expect(existsSync(join(local.dataDir, 'services/half'))).toBe(false);
    },
    LIMIT_MS,
  );

  test(
    'in the middle of an update and of a deletion: both are brought to their end',
    async () => {
      const local = await fresh().start();
      await local.create('updated', { metadata: { instance: 2 } });
      await local.create('deleted');
      await local.call('PUT', 'services/local/updated', {}, { model_config: 'second' });
      await local.call('DELETE', 'services/local/deleted');
      await local.killDaemon();
      await local.start();
      await local.gone('deleted');
      const updated = await local.until('updated', 'Running');
      expect([updated.CurrentVersion, updated.RunningInstance]).toEqual([2, 2]);
      expect((await local.predict('updated', 'x')).text).toEndWith(' v2 x');
      expect(workers(local).length).toBeLessThanOrEqual(3);
    },
    LIMIT_MS,
  );

  test(
    'at any moment of a burst of changes loses nothing that was acknowledged',
    async () => {
      const local = await fresh().start();
      const acknowledged: string[] = [];
      const burst = (async () => {
        for (let count = 0; count < 200; count++) {
          const json = serviceJson(`burst_${count}`, { metadata: { instance: 0 } });
          await local.call('POST', 'services', {}, json);
          acknowledged.push(`burst_${count}`);
        }
      })().catch(() => {});
      while (acknowledged.length < 20) await Bun.sleep(1);
      await local.killDaemon();
      await burst;
      await local.start();
      const { Services } = await local.call('GET', 'services', { PageSize: '500' });
      const known = Services.map(({ ServiceName }: { ServiceName: string }) => ServiceName);
      expect(acknowledged.filter((name) => !known.includes(name))).toEqual([]);
      expect(known.length - acknowledged.length).toBeLessThanOrEqual(1);
    },
    LIMIT_MS,
  );
});

describe('state that can not be used', () => {
  test(
    'a damaged or newer state.db is a clear error and stays as it is',
    async () => {
      const local = fresh();
      await local.start();
      await stopLocal(local.dataDir);
      const path = join(local.dataDir, 'state.db');
      const start = () => startLocal({ host: local.host, dataDir: local.dataDir, port: 0, objectPort: 0 });

      const database = new Database(path);
      database.run('PRAGMA user_version = 99');
      database.close();
      const newer = await failure(start());
      expect([newer.code, newer.message]).toEqual([
        'LocalStateTooNew',
        expect.stringContaining('state version 99'),
      ]);

      for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
      writeFileSync(path, 'this was a database once '.repeat(200));
      const damaged = await failure(start());
      expect(damaged.code).toBe('LocalStateDamaged');
      expect(damaged.hint).toContain('eascmd local reset');
      expect(readFileSync(path, 'utf8')).toStartWith('this was a database once');
    },
    LIMIT_MS,
  );

  test('a data directory that can not be made is a clear error', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const error = await failure(
      startLocal({ host: fakeHost(), dataDir: join(file, 'data'), port: 0, objectPort: 0 }),
    );
    expect([error.code, error.hint]).toEqual(['LocalDataDirectory', expect.stringContaining('--data-dir')]);
    rmSync(join(file, '..'), { recursive: true });
  });
});
