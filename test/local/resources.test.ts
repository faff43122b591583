import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { fakeHost, LocalUnderTest, type Reply, serviceJson, temporaryDirectory } from './support.ts';

const LIMIT_MS = 60_000;
const tools = temporaryDirectory();
let local: LocalUnderTest;

const describeGroups = (document: unknown) =>
  writeFileSync(join(local.dataDir, 'resources.json'), JSON.stringify(document));
const group = (Instances: unknown, ResourceId: unknown = 'eas-r-small') => ({
  Resources: [{ ResourceId, ResourceName: 'small', Instances }],
});
const twoNodes = group([
  { InstanceName: 'local.i-a', InstanceType: 'ecs.g6.4xlarge', Cpu: 4, Memory: 8000 },
  { InstanceName: 'local.i-b', Cpu: 2, Memory: 2000, Gpu: 1 },
]);
const asks = (more: Record<string, unknown>) => ({
  metadata: { instance: 1, cpu: 1, memory: 1000, resource: 'eas-r-small', ...more },
});

async function waiting(name: string): Promise<Reply> {
  for (;;) {
    const service = await local.service(name);
    if (service.Message.startsWith('Insufficient resources')) return service;
    await Bun.sleep(10);
  }
}

async function remove(name: string): Promise<void> {
  await local.call('DELETE', `services/local/${name}`);
  await local.gone(name);
}

beforeAll(async () => {
  mkdirSync(join(tools, 'bin'));
  writeFileSync(join(tools, 'bin/nvidia-smi'), '#!/bin/sh\necho 0\necho 1\n');
  chmodSync(join(tools, 'bin/nvidia-smi'), 0o755);
  const PATH = `${join(tools, 'bin')}:${process.env.PATH}`;
  local = await new LocalUnderTest(temporaryDirectory(), fakeHost({ PATH })).start();
});
afterAll(async () => {
  await local.end();
  rmSync(tools, { recursive: true, force: true });
});

describe('the group of this machine', () => {
  test(
    'has its real CPU, memory and the GPUs of nvidia-smi',
    async () => {
      let own: Reply;
      do own = await local.call('GET', 'resources/local/eas-r-local');
      while (own.GpuCount === 0);
      expect(own).toMatchObject({
        ResourceId: 'eas-r-local',
        ClusterId: 'local',
        CpuCount: availableParallelism(),
        Memory: Math.floor(totalmem() / 2 ** 20),
        GpuCount: 2,
        InstanceCount: 1,
        Status: 'ResourceReady',
        Message: 'Resource is ready',
        OwnerUid: local.info.uid,
        ServiceCount: '0',
      });
      expect(JSON.parse(own.ExtraData)).toEqual({
        vpc_id: '',
        role_arn: '',
        vswitch_id: '',
        security_group_id: '',
        destination_cidr: '',
        aux_vswitch_id_list: [],
      });
      const { Resources, TotalCount } = await local.call('GET', 'resources');
      expect([TotalCount, Resources[0].ResourceId]).toEqual([1, 'eas-r-local']);
      expect(Resources[0].ExtraData.aux_vswitch_id_list).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'shows what services use of it; services of the public group are not counted',
    async () => {
      await local.create('public_one', { metadata: { instance: 1, cpu: 500 } });
      await local.create('own_one', {
        metadata: { instance: 2, cpu: 0.2, memory: 10, resource: 'eas-r-local' },
      });
      const [machine] = (await local.call('GET', 'resources/local/eas-r-local/instances')).Instances;
      expect(machine).toMatchObject({
        InstanceStatus: 'Ready',
        InstanceUsedCpu: 0.4,
        InstanceMemory: `${Math.floor(totalmem() / 2 ** 20)}M`,
        InstanceUsedMemory: '20M',
        ResourceId: 'eas-r-local',
      });
      const { Services } = await local.call('GET', 'resources/local/eas-r-local/services');
      expect(Services.map(({ ServiceName }: Reply) => ServiceName)).toEqual(['own_one']);
      expect((await local.service('own_one')).Resource).toBe('eas-r-local');
      const pods = `resources/local/eas-r-local/instance/${machine.InstanceName}/workers`;
      const { Pods } = await local.call('GET', pods);
      expect(Pods).toHaveLength(2);
      expect(Pods[0]).toMatchObject({
        ServiceName: 'own_one',
        MemoryRquest: 10,
        Ready: true,
        RestartCount: 0,
      });
      expect((await local.instances('own_one'))[0]!.ResourceType).toBe('PrivateResource');
      expect(await local.refused('GET', 'resources/local/eas-r-local/instance/none/workers')).toMatchObject({
        code: 'InvalidInstance.NotFound',
      });
    },
    LIMIT_MS,
  );
});

describe('groups that the user describes', () => {
  test('are listed after it', async () => {
    describeGroups(twoNodes);
    const { Resources } = await local.call('GET', 'resources');
    expect(Resources.map(({ ResourceId }: Reply) => ResourceId)).toEqual(['eas-r-local', 'eas-r-small']);
    expect(await local.call('GET', 'resources/local/eas-r-small')).toMatchObject({
      ResourceName: 'small',
      CpuCount: 6,
      Memory: 10_000,
      GpuCount: 1,
      InstanceCount: 2,
      InstanceMaxAllocatableCPU: 4,
    });
    const { Instances } = await local.call('GET', 'resources/local/eas-r-small/instances');
    expect(Instances.map((each: Reply) => [each.InstanceName, each.InstanceType])).toEqual([
      ['local.i-a', 'ecs.g6.4xlarge'],
      ['local.i-b', 'local'],
    ]);
    const filtered = await local.call('GET', 'resources', { ResourceName: 'small' });
    expect(filtered.TotalCount).toBe(1);
    expect((await local.call('GET', 'resources', { ResourceType: 'SelfManaged' })).TotalCount).toBe(0);
  });

  test('an unknown group is a clear error, in a path and in a service JSON', async () => {
    for (const rest of ['', '/instances', '/services', '/dlink'])
      expect(await local.refused('GET', `resources/local/eas-r-none${rest}`)).toMatchObject({
        status: 404,
        code: 'InvalidResource.NotFound',
        message: 'Resource [eas-r-none] in region [local] is not found',
      });
    expect(await local.refused('GET', 'resources/cn-shanghai/eas-r-local')).toMatchObject({
      code: 'InvalidRegionId.NotFound',
    });
    expect(
      await local.refused('POST', 'services', {}, serviceJson('lost', asks({ resource: 'eas-r-none' }))),
    ).toMatchObject({ status: 404, code: 'InvalidResource.NotFound' });
  });

  test(
    'a service that asks for too much stays Waiting and starts when there is room',
    async () => {
      await local.create('first', asks({ cpu: 4 }));
      await local.call('POST', 'services', {}, serviceJson('second', asks({ cpu: 3 })));
      const second = await waiting('second');
      expect([second.Status, second.RunningInstance, second.Message]).toEqual([
        'Waiting',
        0,
        'Insufficient resources in resource group [eas-r-small]: an instance asks for 3 cores, 1000M memory, a machine of the group has 2 cores, 2000M memory, 1 GPUs left',
      ]);
      const list = async () => (await local.call('GET', 'services/local/second/instances')).Instances;
      const pending = await list();
      expect(pending).toMatchObject([
        { Status: 'Pending', Reason: 'Unschedulable', InnerIP: '', ReadyProcesses: 0, TotalProcesses: 1 },
      ]);
      expect(pending[0].InstanceName).toMatch(/^second-[a-z0-9]{10}-[a-z0-9]{5}$/);
      expect((await list())[0].InstanceName).toBe(pending[0].InstanceName);
      await remove('first');
      await local.until('second', 'Running');
      expect(await list()).toMatchObject([{ Status: 'Running', InnerIP: '127.0.0.1' }]);
      await remove('second');
    },
    LIMIT_MS,
  );

  test(
    'one that is larger than every machine starts when the file says so',
    async () => {
      await local.call('POST', 'services', {}, serviceJson('large', asks({ gpu: 4 })));
      expect((await waiting('large')).Message).toEndWith(
        'asks for 1 cores, 1000M memory, 4 GPUs, no machine of the group is that large',
      );
      describeGroups(group([{ Cpu: 4, Memory: 8000, Gpu: 4 }]));
      await local.until('large', 'Running');
      await remove('large');
      describeGroups(twoNodes);
    },
    LIMIT_MS,
  );

  test(
    'scaling out starts as many as there is room for, and scaling in again is Running',
    async () => {
      await local.create('wide', asks({ cpu: 2 }));
      await local.call('PUT', 'services/local/wide/scale', {}, { Instance: 4 });
      const wide = await waiting('wide');
      expect([wide.Status, wide.TotalInstance]).toEqual(['Waiting', 4]);
      while ((await local.service('wide')).RunningInstance !== 3) await Bun.sleep(10);
      await local.call('PUT', 'services/local/wide/scale', {}, { Instance: 3 });
      await local.until('wide', 'Running');
      await remove('wide');
    },
    LIMIT_MS,
  );

  test(
    'a full group lets an old instance go before the new one of an update',
    async () => {
      describeGroups(group([{ Cpu: 2, Memory: 8000 }]));
      await local.create('full', asks({ cpu: 1, instance: 2 }));
      await local.call('PUT', 'services/local/full', {}, { model_config: 'new' });
      const updated = await local.until('full', 'Running');
      expect([updated.CurrentVersion, updated.RunningInstance]).toEqual([2, 2]);
      await local.killDaemon();
      await local.start();
      await local.until('full', 'Running');
      expect((await local.call('GET', 'resources/local/eas-r-small')).CpuUsed).toBe(2);
      await remove('full');
      describeGroups(twoNodes);
    },
    LIMIT_MS,
  );

  test('a service that names neither memory nor cpu fits on a small machine', async () => {
    await local.create('modest', { metadata: { instance: 1, resource: 'eas-r-small' } });
    expect((await local.service('modest')).Memory).toBe(1000);
    await remove('modest');
    await local.create('plain', { metadata: { instance: 1, resource: '' } });
    expect((await local.service('plain')).Memory).toBe(4096);
    await remove('plain');
  });

  test.each([
    ['x', "can't be used: it must hold"],
    [{ Resources: {} }, 'it must hold {"Resources": […]}'],
    [{ Resources: [], Extra: 1 }, 'unknown field "Extra"'],
    [{ Resources: ['x'] }, 'Resources[0] must be an object'],
    [group([{ Cpu: 1, Memory: 1 }], 'small'), 'Resources[0].ResourceId'],
    [group([{ Cpu: 1, Memory: 1 }], 'eas-r-local'), 'not eas-r-local'],
    [group([]), 'at least one machine'],
    [group(['x']), 'Resources[0].Instances[0] must be an object'],
    [group([{ Memory: 1 }]), 'Instances[0].Cpu must be a whole number'],
    [group([{ Cpu: 1.5, Memory: 1 }]), 'Instances[0].Cpu'],
    [group([{ Cpu: 1, Memory: '1G' }]), 'Instances[0].Memory'],
    [group([{ Cpu: 1, Memory: 1, Gpus: 1 }]), 'unknown field "Gpus"'],
    [
      { Resources: [...twoNodes.Resources, ...twoNodes.Resources] },
      'two groups have the ResourceId eas-r-small',
    ],
  ])('a wrong file is told: %j', async (document, what) => {
    describeGroups(document);
    const refusal = await local.refused('GET', 'resources/local/eas-r-small');
    expect(refusal).toMatchObject({ status: 500, code: 'InvalidResourceFile' });
    expect(refusal.message).toContain(what);
    expect(refusal.message).toContain('resources.json');
    expect((await local.call('GET', 'resources/local/eas-r-local')).ResourceId).toBe('eas-r-local');
  });
});

describe('the direct connection', () => {
  const link = 'resources/local/eas-r-local/dlink';
  const body = {
    VSwitchId: 'vsw-1',
    SecurityGroupId: 'sg-1',
    VSwitchIdList: ['vsw-2'],
    DestinationCIDRs: '192.168.0.0/16',
  };

  test('is set, shown and removed', async () => {
    describeGroups({ Resources: [] });
    expect((await local.call('PUT', link, {}, body)).Message).toBe('Network interfaces are updating');
    const { RequestId: _id, ...shown } = await local.call('GET', link);
    expect(shown).toEqual({
      VpcId: '',
      VSwitchId: 'vsw-1',
      SecurityGroupId: 'sg-1',
      AuxVSwitchList: ['vsw-2'],
      DestinationCIDRs: '192.168.0.0/16',
    });
    const { ExtraData } = await local.call('GET', 'resources/local/eas-r-local');
    expect(JSON.parse(ExtraData)).toMatchObject({
      vswitch_id: 'vsw-1',
      destination_cidr: '192.168.0.0/16',
      aux_vswitch_id_list: ['vsw-2'],
    });
    expect((await local.call('DELETE', link)).Message).toBe('Network interfaces are deleting');
    expect((await local.call('GET', link)).VSwitchId).toBe('');
  });

  test.each([
    [{ SecurityGroupId: 'sg-1' }, 'VSwitchId is missing'],
    [{ VSwitchId: 'vsw-1' }, 'SecurityGroupId is missing'],
    [{ ...body, VSwitchId: 5 }, 'VSwitchId must be a text'],
    [{ ...body, VSwitchIdList: 'vsw-2' }, 'VSwitchIdList must be a list of texts'],
    [{ ...body, DestinationCIDRs: [] }, 'DestinationCIDRs must be a text'],
  ])('%j is refused', async (wrong, what) => {
    expect(await local.refused('PUT', link, {}, wrong)).toMatchObject({
      status: 400,
      message: expect.stringContaining(what),
    });
  });
});
