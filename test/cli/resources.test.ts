import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import type { DirectLink, ResourceDetail } from '../../src/core/resource/api.ts';
import type { Service } from '../../src/core/service/model.ts';
import { localTime } from '../../src/ui/times.ts';
import { runScripted } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';

const RequestId = 'DE240637-4976-59AF-A28C-BAA55C0A0000';
const id = 'eas-r-lzo32vrdbtukr7te3i';
const created = localTime('2020-03-18T05:09:24Z');
const page = { RequestId, PageNumber: 1, PageSize: 100, TotalCount: 1 };
const resource = {
  ResourceId: id,
  ClusterId: 'cn-shanghai',
  InstanceCount: 1,
  GpuCount: 0,
  CpuCount: 16,
  CreateTime: '2020-03-18T05:09:24Z',
  Status: 'ResourceReady',
};
const detail: ResourceDetail = {
  ...resource,
  RequestId,
  OwnerUid: '182848887922****',
  Message: 'Resource is ready',
  ExtraData: JSON.stringify({
    vpc_id: 'vpc-uf6s9pv47nu03srne****',
    vswitch_id: 'vsw-uf6voq53e893k56ws****',
    security_group_id: 'sg-uf6c5twkfar8l06c****',
    destination_cidr: '',
    aux_vswitch_id_list: [],
    role_arn: 'acs:ram::xxx:role/AliyunPAIAccessingENIRole',
  }),
};
const gone = new EasError({ code: 'InvalidResource.NotFound', message: `no resource ${id}`, status: 404 });

describe('metadata.resource', () => {
  const listed = { listResources: async () => ({ ...page, Resources: [resource] }) };
  const description = {
    name: 'echo',
    processor: 'pmml',
    model_path: 'http://m/x.pmml',
    metadata: { instance: 1, resource: 'eas-r-lzo32vrdbtukr7te3j' },
  };
  const told = { Status: 'Running', ServiceName: 'echo', ServiceConfig: '{}' } as Service;
  async function run(argv: string[], script: object, resourceId = description.metadata.resource) {
    using folder = temporaryFolder();
    const metadata = { instance: 1, resource: resourceId };
    folder.write('service.json', JSON.stringify({ ...description, metadata }));
    return await runScripted(argv, script, { host: { cwd: folder.path } });
  }

  test.each([
    [['create', 'service.json']],
    [['create', 'service.json', '-r']],
    [['modify', 'echo', '-s', 'service.json']],
    [['modify', 'echo', '-Dmetadata.resource=eas-r-lzo32vrdbtukr7te3j']],
    [['modify', 'echo', '-s', 'service.json', '--diff']],
    [['clone', 'echo', 'copy', '-s', 'overrides.json']],
  ])('%j: a group that is not there is refused, and nothing is sent', async (argv) => {
    using folder = temporaryFolder();
    folder.write('service.json', JSON.stringify(description));
    folder.write('overrides.json', JSON.stringify({ metadata: description.metadata }));
    const script = {
      ...listed,
      describeResource: () => Promise.reject(gone),
      describeService: async () => told,
    };
    const { code, err, out } = await runScripted(argv, script, { host: { cwd: folder.path } });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('There is no resource group [eas-r-lzo32vrdbtukr7te3j] in [cn-shanghai]');
    expect(err).toContain(`the groups are:\n    ${id}\n  Did you mean ${id}?`);
  });

  const created = {
    createService: async () => ({ RequestId, ServiceName: 'echo' }),
    describeService: async () => told,
  };
  const forbidden = new EasError({ code: 'Forbidden.RAM', message: 'not yours to read', status: 403 });
  test.each([
    ['is there', { describeResource: async () => detail }, id],
    ['may not be read', { describeResource: () => Promise.reject(forbidden) }, id],
    ['has a name of the old kind', {}, 'EAS-LsFlrwBP56'],
    ['is the public one', {}, ''],
  ])('a group that %s is left to the API', async (_, script, resourceId) => {
    const ran = await run(['create', 'service.json', '--no-wait'], { ...created, ...script }, resourceId);
    expect([ran.code, ran.err]).toEqual([0, '']);
  });

  test('--dry-run asks nobody', async () => {
    expect((await run(['create', 'service.json', '--dry-run'], {})).code).toBe(0);
  });
});

describe('resource ls', () => {
  const script = {
    listResources: async () => ({ ...page, Resources: [resource] }),
    describeResource: async () => detail,
  };

  test.each([['list'], ['ls']])('%s prints the table of eascmd.md 2.11', async (verb) => {
    const { code, out } = await runScripted(['resource', verb], script);
    expect(code).toBe(0);
    expect(
      out,
    ).toBe(`+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
|       RESOURCENAME       |  CLUSTERID  | INSTANCECOUNT | GPUCOUNT | CPUCOUNT |     OWNERUID     |     CREATETIME      |    STATUS     |
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
| eas-r-lzo32vrdbtukr7te3i | cn-shanghai |             1 |        0 |       16 | 182848887922**** | ${created} | ResourceReady |
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
`);
  });

  test('-o json is one document; all pages are asked for', async () => {
    const asked: number[] = [];
    const { out } = await runScripted(['resource', 'ls', '-o', 'json'], {
      listResources: async ({ pageNumber }: { pageNumber: number }) => {
        asked.push(pageNumber);
        return { ...page, TotalCount: 2, Resources: [{ ...resource, ResourceId: `eas-r-${pageNumber}` }] };
      },
      describeResource: async (each: string) => ({ ...detail, ResourceId: each }),
    });
    expect(asked).toEqual([1, 2]);
    expect(JSON.parse(out).Resources.map(({ ResourceId }: { ResourceId: string }) => ResourceId)).toEqual([
      'eas-r-1',
      'eas-r-2',
    ]);
  });
});

describe('resource desc', () => {
  test('prints the table of eascmd.md 2.12, as wide as its content (2.1)', async () => {
    const { code, out } = await runScripted(['resource', 'desc', id], {
      describeResource: async () => detail,
    });
    expect(code).toBe(0);
    expect(out).toBe(`+---------+-----------------+---------------------------------------------+
|   Basic | ResourceName    | eas-r-lzo32vrdbtukr7te3i                    |
|         | Region          | cn-shanghai                                 |
|         | CpuCount        | 16                                          |
|         | GpuCount        | 0                                           |
|         | instanceCount   | 1                                           |
|         | CreateTime      | ${created}                         |
|         | LastStatus      | ResourceReady                               |
|         | Message         | Resource is ready                           |
|         | RoleArn         | acs:ram::xxx:role/AliyunPAIAccessingENIRole |
| Network | VpcId           | vpc-uf6s9pv47nu03srne****                   |
|         | VSwitchId       | vsw-uf6voq53e893k56ws****                   |
|         | SecurityGroupId | sg-uf6c5twkfar8l06c****                     |
|         | DestinationCIDR |                                             |
|         | AuxVSwitchList  | []                                          |
+---------+-----------------+---------------------------------------------+
`);
  });

  test('a group without network still has all rows', async () => {
    const { out } = await runScripted(['resource', 'desc', id], {
      describeResource: async () => ({ ...detail, ExtraData: undefined }),
    });
    expect(out.match(/^\|/gm)).toHaveLength(14);
    expect(out).toContain('| AuxVSwitchList  | []');
  });

  test.each([['desc'], ['li']])('%s of an unknown group is the error of the API', async (verb) => {
    const refuse = () => Promise.reject(gone);
    const { code, out, err } = await runScripted(['resource', verb, id], {
      describeResource: refuse,
      listResourceInstances: refuse,
    });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('InvalidResource.NotFound');
  });
});

describe('resource li', () => {
  test.each([['list_instance'], ['li']])('%s has the columns of eascmd.md 2.13', async (verb) => {
    const { code, out } = await runScripted(['resource', verb, id], {
      listResourceInstances: async () => ({
        ...page,
        Instances: [
          {
            InstanceName: 'cn-shanghai.i-uf6dj71ir6mh3gjmaz3a',
            InstanceIp: '10.224.0.1',
            InstanceStatus: 'Ready',
            InstanceCpuCount: 16,
            InstanceUsedCpu: 6,
            InstanceGpuCount: 0,
            InstanceUsedGpu: 0,
            InstanceMemory: '62240M',
            InstanceUsedMemory: '4200M',
            CreateTime: '2020-03-18T05:09:24Z',
            InstanceType: 'ecs.g6.4xlarge',
            ChargeType: 'PostPaid',
          },
        ],
      }),
    });
    expect(code).toBe(0);
    expect(
      out
        .split('\n')[1]!
        .split('|')
        .map((cell) => cell.trim()),
    ).toEqual([
      '',
      'INSTANCENAME',
      'INSTANCEIP',
      'STATUS',
      'TOTAL/USED CPU',
      'TOTAL/USED GPU',
      'TOTAL/USED MEMORY',
      'CREATETIME',
      'INSTANCETYPE',
      'CHARGETYPE',
      '',
    ]);
    expect(out.split('\n')[3]).toBe(
      `| cn-shanghai.i-uf6dj71ir6mh3gjmaz3a | 10.224.0.1 | Ready  | 16/6           | 0/0            | 62240M/4200M      | ${created} | ecs.g6.4xlarge | PostPaid   |`,
    );
  });
});

describe('resource network', () => {
  async function network(text: string | undefined, script: object = {}) {
    using folder = temporaryFolder();
    if (text !== undefined) folder.write('network.json', text);
    const argv = ['resource', 'network', id, ...(text === undefined ? [] : ['-s', 'network.json'])];
    return await runScripted(argv, script, { host: { cwd: folder.path } });
  }

  test('create sends the link without Action, under the names of the API', async () => {
    const sent: unknown[] = [];
    const { code, out } = await network(
      `{"Action": "create", "VSwitchId": "vsw-1", # the main one
        "SecurityGroupId": "sg-1", "VSwitchIdList": ["vsw-2"], "DestinationCIDR": "192.168.0.0/16"}`,
      {
        updateResourceDLink: async (group: string, link: DirectLink) => {
          sent.push(group, link);
          return { RequestId, Message: 'Network interfaces are updating' };
        },
      },
    );
    expect(sent).toEqual([
      id,
      {
        VSwitchId: 'vsw-1',
        SecurityGroupId: 'sg-1',
        VSwitchIdList: ['vsw-2'],
        DestinationCIDRs: '192.168.0.0/16',
      },
    ]);
    expect([code, out]).toEqual([0, `[RequestId]: ${RequestId}\n[OK] Network interfaces are updating\n`]);
  });

  test('delete needs nothing else', async () => {
    const { code, out } = await network('{"Action": "delete"}', {
      deleteResourceDLink: async () => ({ RequestId, Message: 'Network interfaces are deleting' }),
    });
    expect([code, out]).toEqual([0, `[RequestId]: ${RequestId}\n[OK] Network interfaces are deleting\n`]);
  });

  const link = (cidr: string) =>
    `{"Action":"create","VSwitchId":"v","SecurityGroupId":"s","DestinationCIDR":${JSON.stringify(cidr)}}`;

  test.each([
    [undefined, 'What is to become of the network', '-s network.json'],
    ['[]', 'network.json:1:1', 'an object'],
    ['{}', 'the field "Action" is missing', ''],
    ['{"Action": "enable"}', 'network.json:1:12: Action must be', '"create"'],
    ['{"action": "create"}', 'network.json:1:2: unknown field "action"', 'Did you mean "Action"?'],
    ['{"Action": "create"}', 'VSwitchId is missing', 'VSwitchId and SecurityGroupId'],
    ['{"Action": "create", "VSwitchId": "v"}', 'SecurityGroupId is missing', ''],
    [
      '{"Action": "create", "VSwitchId": "", "SecurityGroupId": "s"}',
      'network.json:1:35: VSwitchId is empty',
      '',
    ],
    ['{"Action": "create", "VSwitchId": 5}', 'VSwitchId must be text', ''],
    ['{"Action": "create", "VSwitchIdList": "v"}', 'VSwitchIdList must be a list of strings', ''],
    [
      '{"Action": "create", "DestinationCIDRs": "v"}',
      'unknown field "DestinationCIDRs"',
      '"DestinationCIDR"',
    ],
    [link('192.168.0.0'), 'is no IPv4 block', '192.168.0.0/16'],
    [link('192.168.0.0/33'), 'is no IPv4 block', ''],
    [link('300.168.0.0/16'), 'is no IPv4 block', ''],
    [link('fd00::/8'), 'is no IPv4 block', ''],
    [link('192.168.1.5/16'), 'is not the start of its block', 'Did you mean "192.168.0.0/16"?'],
    [link('10.0.0.0/8'), 'overlaps 10.240.0.0/16', 'Keep clear of 10.0.0.0/8'],
    [link('10.1.0.0/16'), 'overlaps 10.0.0.0/8', ''],
    [link('10.224.0.0/24'), 'overlaps 10.224.0.0/16', ''],
    [link('10.240.8.0/24'), 'overlaps 10.240.0.0/16', ''],
    [link('0.0.0.0/0'), 'overlaps', ''],
    [link('192.168.0.0/16,10.9.0.0/16'), 'overlaps 10.0.0.0/8', ''],
  ])('%p is refused before anything is sent', async (text, what, hint) => {
    const { code, out, err } = await network(text);
    expect(err).toContain(what);
    expect(err).toContain(hint);
    expect([code, out]).toEqual([2, '']);
  });

  test.each([['192.168.0.0/16'], ['172.16.0.0/12'], ['11.0.0.0/8'], ['9.255.255.0/24'], ['']])(
    'DestinationCIDR %p is accepted',
    async (cidr) => {
      const { code } = await network(link(cidr), {
        updateResourceDLink: async () => ({ RequestId, Message: 'm' }),
      });
      expect(code).toBe(0);
    },
  );
});

test.each([
  [['resource'], 'Which command?'],
  [['resource', 'dsc', id], "Unknown command 'dsc'"],
  [['resource', 'desc'], "Missing required argument 'resource_id'"],
  [['resource', 'li', id, 'more'], 'Too many arguments'],
  [['resource', 'network', id, '-s', 'nothing.json'], "Can't read nothing.json"],
])('%j is wrong usage', async (argv, what) => {
  const { code, err } = await runScripted(argv, {});
  expect(err).toContain(what);
  expect(code).toBe(2);
});
