import { afterAll, beforeAll, expect, test } from 'bun:test';
import { runCli } from '../../src/cli/run.ts';
import { ensureDataDirectory } from '../../src/local/data/directory.ts';
import { State } from '../../src/local/state/state.ts';
import { fakeIo } from '../support/fake-io.ts';
import { hostOf } from '../support/scripted-eas.ts';
import { LocalUnderTest, serviceJson } from './support.ts';

const COUNT = 10_000;
let local: LocalUnderTest;

/** Ten thousand stopped services, written as the daemon itself would have. */
function fill(dataDir: string): void {
  const state = new State(ensureDataDirectory(dataDir).state);
  state.transaction(() => {
    for (let index = 0; index < COUNT; index++) {
      const name = `service_${String(index).padStart(5, '0')}`;
      const config = JSON.stringify(serviceJson(name));
      const at = new Date(1.6e12 + index * 1000).toISOString().replace('.000', '');
      state.services.insert({
        id: `eas-m-${index}`,
        name,
        desired: 'stopped',
        status: 'Stopped',
        message: '',
        token: 'x',
        config,
        labels: '{}',
        safety_lock: 'none',
        instances: 1,
        current_version: 1,
        latest_version: 1,
        revision: 1,
        created_at: at,
        updated_at: at,
      });
    }
  });
  state.close();
}

beforeAll(async () => {
  local = new LocalUnderTest();
  fill(local.dataDir);
  await local.start();
});
afterAll(() => local.end());

test('ten thousand services are walked page by page, each one once, newest first', async () => {
  const names: string[] = [];
  for (let page = 1; page <= 100; page++) {
    const reply = await local.call('GET', 'services', { PageNumber: String(page), PageSize: '100' });
    expect(reply.TotalCount).toBe(COUNT);
    names.push(...reply.Services.map(({ ServiceName }: { ServiceName: string }) => ServiceName));
  }
  expect(new Set(names).size).toBe(COUNT);
  expect(names[0]).toBe('service_09999');
  expect(names).toEqual([...names].sort().reverse());
}, 60_000);

test('one among ten thousand is found by a part of its name', async () => {
  const { Services, TotalCount } = await local.call('GET', 'services', { Filter: '_04711' });
  expect([TotalCount, Services[0].ServiceName]).toEqual([1, 'service_04711']);
  expect(Services[0]).toMatchObject({ Region: 'local', Status: 'Stopped' });
});

test('eascmd ls shows all ten thousand in that order', async () => {
  const io = fakeIo({ stdin: '', isRealTime: true });
  const code = await runCli(hostOf(['-e', local.info.apiUrl, 'ls']), io);
  const names = [...io.out().matchAll(/^\| (service_\d+) /gm)].map(([, name]) => name!);
  expect([code, io.err(), names.length]).toEqual([0, '', COUNT]);
  expect(names).toEqual([...names].sort().reverse());
}, 60_000);
