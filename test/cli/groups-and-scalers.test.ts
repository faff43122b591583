import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';

/** Resource groups and scalers by the program itself, against a live Local EAS; the services have no instance. */
let local: LiveLocal;
beforeAll(async () => {
  local = await liveLocal();
  local.write('app.py', 'print()\n');
  local.write(
    'echo.json',
    JSON.stringify({
      name: 'echo',
      processor_path: './app.py',
      processor_type: 'python',
      processor_entry: './app.py',
      metadata: { instance: 0, cpu: 1 },
    }),
  );
  const created = await local.eas(['create', 'echo.json']);
  if (created.code !== 0) throw new Error(created.err);
});
afterAll(() => local?.stop());

const out = async (argv: string[]) => {
  const ran = await local.eas(argv);
  expect([ran.code, ran.err]).toEqual([0, '']);
  return ran.out;
};

describe('resource groups', () => {
  // proves: resource list, resource desc, resource list_instance (local)
  test('the group of this machine is listed and described', async () => {
    expect(await out(['resource', 'ls'])).toContain('| eas-r-local  | local     |             1 |');
    expect(await out(['resource', 'desc', 'eas-r-local'])).toContain('| Resource is ready');
    expect(await out(['resource', 'li', 'eas-r-local'])).toMatch(
      /\| Ready {2}\| \d+\/0 +\| \d+\/0 +\| \d+M\/0M /,
    );
    const unknown = await local.eas(['resource', 'desc', 'eas-r-none']);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('InvalidResource.NotFound')]);
  });

  // proves: resource network (local)
  test('its network is connected and disconnected', async () => {
    const create = '{"Action": "create", "VSwitchId": "vsw-1", "SecurityGroupId": "sg-1"}';
    local.write('network.json', create);
    const network = ['resource', 'network', 'eas-r-local', '-s', 'network.json'];
    expect(await out(network)).toEndWith('[OK] Network interfaces are updating\n');
    expect(await out(['resource', 'desc', 'eas-r-local'])).toContain('| VSwitchId       | vsw-1');
    local.write('network.json', '{"Action": "delete"}');
    expect(await out(network)).toEndWith('[OK] Network interfaces are deleting\n');
    expect(await out(['resource', 'desc', 'eas-r-local'])).not.toContain('vsw-1');
  });
});

describe('scalers', () => {
  // proves: autoscale (local)
  test('an autoscaler is set, changed, shown and removed', async () => {
    expect(await out(['autoscale', 'echo', '-Dmin=0', '-Dmax=5', '-Dstrategies.qps=10'])).toEndWith(
      '[OK] Succeed to auto scale service [echo]\n',
    );
    expect(await out(['autoscale', 'local/echo', '-Dmax=8'])).toEndWith(
      '[OK] Update auto scale for service [echo] successfully\n',
    );
    const shown = JSON.parse(await out(['autoscale', 'echo', '-o', 'json']));
    expect([shown.MinReplica, shown.MaxReplica, shown.ScaleStrategies[0].metricName]).toEqual([0, 8, 'QPS']);
    expect(await out(['autoscale', 'rm', 'echo'])).toEndWith('deleted successfully\n');
    expect((await local.eas(['autoscale', 'echo'])).err).toContain('InvalidAutoScaler.NotFound');
    expect((await local.eas(['autoscale', 'nobody', '-Dmin=0'])).err).toContain('InvalidService.NotFound');
  });

  // proves: cronscale (local)
  test('a cronscaler is set, replaced, shown and removed', async () => {
    const file = (schedule: string) =>
      local.write('cron.json', `{"ScaleJobs": [{"Schedule": "${schedule}", "TargetSize": 0}]} # by night`);
    file('0 0 3 * * *');
    expect(await out(['cronscale', 'echo', '-s', 'cron.json'])).toEndWith(
      '[OK] Create cron scaler for service [echo] successfully\n',
    );
    file('0 30 3 * * *');
    expect(await out(['cronscale', 'echo', '-s', 'cron.json'])).toEndWith(
      '[OK] Update cron scaler for service [echo] successfully\n',
    );
    expect(await out(['cronscale', 'echo'])).toContain(
      '| scale-jobs-0 | 0 30 3 * * * |          0 | Submitted |',
    );
    expect(await out(['cronscale', 'rm', 'echo'])).toEndWith('deleted successfully\n');
    expect((await local.eas(['cronscale', 'rm', 'echo'])).err).toContain('InvalidCronScaler.NotFound');
  });
});

test.each([
  [['resource', 'desc', ''], '<resource_id> is empty'],
  [['autoscale', ''], '<service_name> is empty'],
])('%j is wrong usage', async (argv, what) => {
  const ran = await local.eas(argv);
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(what)]);
});
