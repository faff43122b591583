import { describe, expect, test } from 'bun:test';
import type { Instance, Service } from '../../../src/core/service/model.ts';
import { headedTable } from '../../../src/ui/tables.ts';
import type { View } from '../../../src/ui/view.ts';
import { instanceListView } from '../../../src/ui/views/instances.ts';
import { resourceInstanceListView } from '../../../src/ui/views/resources.ts';
import { serviceView } from '../../../src/ui/views/services.ts';

/** What samples.ts leaves out of eascmd.md section 2: the rows of the older API, the columns that came later, masks. */
const written = (view: View) => `\n${[...(view.text() as Iterable<string>)].join('\n')}\n`;
const utc = (local: string) => new Date(local.replace(' ', 'T')).toISOString();

const older = {
  ServiceName: 'mnist_saved_model_example',
  Region: 'cn-shanghai',
  Status: 'Running',
  CreateTime: utc('2019-02-21 16:35:41'),
  UpdateTime: utc('2019-02-21 16:35:41'),
  AccessToken: '',
  PrivateToken: 'ZWNjMTNkNDExMmExNjZkYTM4YWQ5YTY0YmFjNjk3YWJlMjRkYjM0ZA==',
  TotalInstance: 1,
  RunningInstance: 1,
  PendingInstance: 0,
  Cpu: 1,
  Gpu: 0,
  Memory: 1000,
  Image:
    'registry-vpc.cn-shanghai.aliyuncs.com/eas/mnist_saved_model_example_cn-shanghai:v0.0.1-20190221163541',
  Weight: 0,
  LatestVersion: 1,
  CurrentVersion: 1,
  Message: 'Service start successfully',
  APIGatewayUrl:
    '1c3b37ea83c047efa0dc6df0cacb70d3-cn-shanghai.alicloudapi.com/EAPI_182848887922****_mnist_saved_model_example',
  APIGatewayAppKey: '25641710',
  APIGatewayAppSecret: '12562a7b8858bbba2c2e9c4517ff6da4',
  IntranetEndpoint: 'http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/mnist_saved_model_example',
  ServiceConfig: JSON.stringify({
    name: 'mnist_saved_model_example',
    processor: 'tensorflow_cpu',
    generate_token: 'false',
    model_path: 'http://eas-data.oss-cn-shanghai.aliyuncs.com/models%2Fmnist_saved_model.tar.gz',
    metadata: { region: 'cn-shanghai', instance: 1, cpu: 1 },
  }),
} as Service;

describe('desc of the older API (2.8)', () => {
  const text = written(serviceView(older));

  test('all rows in the documented order', () => {
    const keys = [...text.matchAll(/^\| +(\w+) \|/gm)].map(([, key]) => key);
    expect(keys.join(', ')).toBe(
      'Status, ServiceName, Region, CreateTime, UpdateTime, AccessToken, PrivateToken, TotalInstance, RunningInstance, PendingInstance, CPU, GPU, Memory, Image, Weight, LatestVersion, CurrentVersion, Message, APIGatewayUrl, APIGatewayAppKey, APIGatewayAppSecret, IntranetEndpoint, ServiceConfig',
    );
  });

  test('the tail as it stands there', () => {
    expect(text).toContain(`
|    IntranetEndpoint | http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/mnist_saved_model_example                            |
|       ServiceConfig | {                                                                                                            |
|                     |   "generate_token": "false",                                                                                 |
|                     |   "metadata": {                                                                                              |
|                     |     "cpu": 1,                                                                                                |
|                     |     "instance": 1,                                                                                           |
|                     |     "region": "cn-shanghai"                                                                                  |
|                     |   },                                                                                                         |
|                     |   "model_path":                                                                                              |
|                     | "http://eas-data.oss-cn-shanghai.aliyuncs.com/models%2Fmnist_saved_model.tar.gz",                            |
|                     |   "name":                                                                                                    |
|                     | "mnist_saved_model_example",                                                                                 |
|                     |   "processor":                                                                                               |
|                     | "tensorflow_cpu"                                                                                             |
|                     | }                                                                                                            |
+---------------------+--------------------------------------------------------------------------------------------------------------+
`);
  });
});

test('w with the columns that came later (2.9): names and the last state as compact JSON', () => {
  const Instances = [
    {
      InstanceName: 'mnist-saved-model-example-69cf5dd6c7-5xk2p',
      InnerIP: '172.24.XX.XX',
      HostIP: '192.168.XX.XXX',
      StartTime: utc('2021-09-27 15:04:22'),
      RestartCount: 1,
      Status: 'Running',
      ReadyProcesses: 0,
      TotalProcesses: 1,
      Reason: '',
      LastState: [
        {
          exitCode: 247,
          finishedAt: '2021-09-27T07:04:21Z',
          reason: 'Error',
          startedAt: '2021-09-27T05:36:56Z',
        },
      ],
    },
  ] as Instance[];
  expect(written(instanceListView({ RequestId: '4E905404-E617-4BD8-85D6-EC5C6A0D****', Instances }))).toBe(`
[RequestId]: 4E905404-E617-4BD8-85D6-EC5C6A0D****
+--------------------------------------------+--------------+----------------+---------------------+----------+---------+-------+--------+----------------------------------------------------------------------------------------------------------+
|                INSTANCENAME                |   INNERIP    |     HOSTIP     |       STARTAT       | RESTARTS | STATUS  | READY | REASON |                                                LASTSTATE                                                 |
+--------------------------------------------+--------------+----------------+---------------------+----------+---------+-------+--------+----------------------------------------------------------------------------------------------------------+
| mnist-saved-model-example-69cf5dd6c7-5xk2p | 172.24.XX.XX | 192.168.XX.XXX | 2021-09-27 15:04:22 |        1 | Running | [0/1] |        | {"exitCode":247,"finishedAt":"2021-09-27T07:04:21Z","reason":"Error","startedAt":"2021-09-27T05:36:56Z"} |
+--------------------------------------------+--------------+----------------+---------------------+----------+---------+-------+--------+----------------------------------------------------------------------------------------------------------+
`);
});

test('resource li: the row of 2.13', () => {
  const instance = {
    InstanceName: 'cn-shanghai.i-uf6dj71ir6mh3gjmaz3a',
    InstanceIp: '10.224.XX.XX',
    InstanceStatus: 'Ready',
    InstanceCpuCount: 16,
    InstanceUsedCpu: 6,
    InstanceGpuCount: 0,
    InstanceUsedGpu: 0,
    InstanceMemory: '62240M',
    InstanceUsedMemory: '4200M',
    CreateTime: utc('2020-03-18 13:09:34'),
    InstanceType: 'ecs.g6.4xlarge',
    ChargeType: 'PostPaid',
  };
  const [, header, , row] = [...(resourceInstanceListView([instance]).text() as Iterable<string>)];
  const cells = (line: string) => line.split('|').map((cell) => cell.trim());
  expect(cells(header!)).toEqual([
    '',
    ...'INSTANCENAME/INSTANCEIP/STATUS/TOTAL~USED CPU/TOTAL~USED GPU/TOTAL~USED MEMORY/CREATETIME/INSTANCETYPE/CHARGETYPE'
      .split('/')
      .map((title) => title.replace('~', '/')),
    '',
  ]);
  expect(row!.replace(/^\| | +\|$/g, '').replace(/ +\| /g, ' | ')).toBe(
    'cn-shanghai.i-uf6dj71ir6mh3gjmaz3a | 10.224.XX.XX | Ready | 16/6 | 0/0 | 62240M/4200M | 2020-03-18 13:09:34 | ecs.g6.4xlarge | PostPaid',
  );
});

test('headers: upper case, "_" and "." become spaces, an odd gap leaves more on the right (rule 2)', () => {
  expect(headedTable(['Service_Name.Id', 'X'], [['0123456789012345', 'four']]).slice(0, 4)).toEqual([
    '+------------------+------+',
    '| SERVICE NAME ID  |  X   |',
    '+------------------+------+',
    '| 0123456789012345 | four |',
  ]);
});
