import type { View } from '../../../src/ui/view.ts';
import { benchmarkListView, benchmarkReportView, benchmarkView } from '../../../src/ui/views/benchmarks.ts';
import { acceptedView, acknowledgedView, dryRunView } from '../../../src/ui/views/changes.ts';
import { differenceView } from '../../../src/ui/views/differences.ts';
import { endpointListView } from '../../../src/ui/views/endpoints.ts';
import { eventListView } from '../../../src/ui/views/events.ts';
import { instanceListView } from '../../../src/ui/views/instances.ts';
import { labelListView } from '../../../src/ui/views/labels.ts';
import { bucketListView, objectListView } from '../../../src/ui/views/objects.ts';
import { predictionListView, predictionView } from '../../../src/ui/views/predictions.ts';
import { projectView } from '../../../src/ui/views/projects.ts';
import { regionListView } from '../../../src/ui/views/regions.ts';
import { resourceInstanceListView, resourceListView, resourceView } from '../../../src/ui/views/resources.ts';
import { autoscalerView, cronscalerView } from '../../../src/ui/views/scaling.ts';
import { serviceListView } from '../../../src/ui/views/service-list.ts';
import { serviceView } from '../../../src/ui/views/services.ts';
import { settingsView } from '../../../src/ui/views/settings.ts';
import { downloadView, uploadView } from '../../../src/ui/views/uploads.ts';
import { versionListView } from '../../../src/ui/views/versions.ts';

export interface Sample {
  view(): View;
  text: string;
  json: unknown;
  /** The same view with text of services in CJK; for those that show such text in a table. */
  cjk?(): View;
}

/** The moment that is shown as this local time, whatever the zone. */
const utc = (local: string) => new Date(local.replace(' ', 'T')).toISOString();
/** As the API writes times of events. */
const eventTime = (local: string) => utc(local).slice(0, 19).replace('T', ' ');

const mnist = {
  ServiceName: 'mnist_saved_model_example',
  Region: 'cn-shanghai',
  Status: 'Running',
  CreateTime: utc('2019-02-21 16:35:41'),
  UpdateTime: utc('2019-02-21 16:35:41'),
  TotalInstance: 1,
  RunningInstance: 1,
  PendingInstance: 0,
  Cpu: 1,
  Gpu: 0,
  Memory: 1000,
  Weight: 0,
  LatestVersion: 1,
  CurrentVersion: 1,
  Message: 'Service start successfully',
  AccessToken: 'T',
  IntranetEndpoint: 'http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/mnist_saved_model_example',
  ServiceConfig:
    '{"name":"mnist_saved_model_example","generate_token":"false","processor":"tensorflow_cpu","model_path":"http://eas-data.oss-cn-shanghai.aliyuncs.com/models%2Fmnist_saved_model.tar.gz","metadata":{"instance":1,"cpu":1,"region":"cn-shanghai"}}',
};
const listed = { RequestId: '83945D4E-ED3E-4D35-A989-831E36BB****', Services: [mnist] };
const instance = {
  InstanceName: '',
  InnerIP: '172.24.XX.XX',
  HostIP: '192.168.XX.XXX',
  StartTime: utc('2019-02-21 16:35:58'),
  RestartCount: 0,
  Status: 'Running',
  ReadyProcesses: 1,
  TotalProcesses: 1,
  Reason: '',
};
const workers = { RequestId: '4E905404-E617-4BD8-85D6-EC5C6A0D****', Instances: [instance] };
const endpoints = {
  RequestId: '1651567F-8F8D-4A2B-933D-F8D3E2DD****',
  AccessToken: 'MmY3M2ExZGYwYjZiMTQ5YTRmZWE3MDAzNWM1ZTBiOWQ3MGYxZGNkZQ==',
  Endpoints: [
    {
      BackendId: 'default',
      EndpointType: 'DefaultGateway',
      InternetEndpoints: [
        'http://1271520832287160.cn-shanghai.pai-eas.aliyuncs.com/api/predict/test_triton_processor',
      ],
      IntranetEndpoints: [
        'http://1271520832287160.vpc.cn-shanghai.pai-eas.aliyuncs.com/api/predict/test_triton_processor',
      ],
    },
  ],
};
const events = (Message: string) => ({
  RequestId: 'R',
  TotalCount: 1,
  Events: [
    { Time: eventTime('2026-01-02 03:04:05'), Type: 'Normal', Reason: 'Started', Resource: '', Message },
  ],
});
const labelled = (value: string) => ({
  ...mnist,
  RequestId: 'R',
  Labels: [
    { LabelKey: 'team', LabelValue: value },
    { LabelKey: 'stage', LabelValue: '2' },
  ],
});
const regions = (name: string) => ({
  RequestId: 'R',
  Regions: [{ RegionId: 'cn-shanghai', RegionName: name }],
});
const versions = (Message: string) => ({
  RequestId: 'R',
  CurrentVersion: 1,
  LatestVersion: 2,
  PageNumber: 1,
  PageSize: 100,
  TotalCount: 2,
  Versions: [
    { ImageId: 2, BuildTime: utc('2026-01-02 03:04:05'), ServiceRunnable: 'false', Message },
    { ImageId: 1, BuildTime: utc('2026-01-01 03:04:05'), ServiceRunnable: 'true', Message: '' },
  ],
});
const resource = {
  RequestId: 'R',
  ResourceId: 'eas-r-lzo32vrdbtukr7te3i',
  ClusterId: 'cn-shanghai',
  InstanceCount: 1,
  GpuCount: 0,
  CpuCount: 16,
  OwnerUid: '182848887922****',
  CreateTime: utc('2020-03-18 13:09:24'),
  Status: 'ResourceReady',
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
const resourceInstance = {
  InstanceName: 'cn-shanghai.i-uf6dj71ir6mh3gjmaz3a',
  InstanceIp: '10.224.0.1',
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
const autoscaler = {
  RequestId: 'R',
  ServiceName: 'echo',
  MinReplica: 1,
  MaxReplica: 5,
  ScaleStrategies: [{ metricName: 'QPS', threshold: 10, service: 'echo' }],
  CurrentMetrics: [{ metricName: 'QPS', value: 4, service: 'echo' }],
  Behavior: { onZero: {} },
};
const cronscaler = (Message: string) => ({
  RequestId: 'R',
  ServiceName: 'echo',
  ExcludeDates: ['* * * * * 6,0'],
  ScaleJobs: [
    {
      Name: 'night',
      Schedule: '0 0 3 * * *',
      TargetSize: 2,
      State: 'Succeed',
      LastProbeTime: utc('2026-01-02 03:00:00'),
      Message,
    },
  ],
});
const settings = [
  { name: 'endpoint', value: 'cn-shanghai', source: 'flag', from: '-e' },
  { name: 'access_key_secret', value: '****', source: 'file', from: '/home/me/.eas/config' },
];
const uploaded = {
  file: 'a.zip',
  target: 'oss://eas-model-shanghai/1/a.zip',
  sizeBytes: 33_013,
  skippedBytes: 0,
  isUnchanged: false,
};
const upload = {
  endpoint: 'http://oss-cn-shanghai.aliyuncs.com',
  targets: [uploaded.target],
  results: [uploaded],
};
const target = { kind: 'cloud' as const, apiUrl: 'https://pai-eas.x', region: 'x', objectStoreUrl: '' };
const prediction = { status: 200, latencyMs: 12, body: new TextEncoder().encode('{"p": "模型"}') };
const project = {
  folder: '/work/my service',
  shown: 'my service',
  title: 'Python',
  service: 'my_service',
  files: [
    { path: 'app.py', meaning: 'the processor' },
    { path: 'service.json', meaning: 'the description' },
  ],
  buildCommand: undefined,
};
const differences = [{ path: 'metadata.instance', before: 1, after: 2 }];

const objects = (name: string) => ({
  url: 'oss://b/',
  prefixes: ['oss://b/f/'],
  objects: [{ url: `oss://b/${name}`, sizeBytes: 33_013, modifiedAt: utc('2026-01-02 03:04:05'), etag: 'E' }],
});
const buckets = { buckets: [{ name: 'b', region: 'oss-local', createdAt: utc('2026-01-02 03:04:05') }] };
const download = {
  source: 'oss://b/k',
  path: '/w/k',
  sizeBytes: 33_013,
  skippedBytes: 0,
  isUnchanged: false,
};

/** By the name of the view. */
const benchmark = {
  RequestId: 'DE240637-4976-59AF-A28C-BAA55C0A****',
  TaskName: 'benchmark-servicename-example-b514',
  TaskId: 'eas-b-gyv5vnk8ri6zw3eefc',
  ServiceName: 'servicename_example',
  Region: 'cn-shanghai',
  DesiredAgent: 1,
  AvailableAgent: 1,
  Status: 'Running',
  Message: 'Benchmark task is Running',
  CreateTime: utc('2021-11-18 14:15:16'),
  UpdateTime: utc('2021-11-18 14:15:20'),
  Config:
    '{"service":{"serviceName":"servicename_example","requestToken":"hidden"},"base":{"duration":600,"agentCount":1}}',
};
const benchmarks = { RequestId: benchmark.RequestId, Tasks: [benchmark] };
const benchmarkReport = {
  RequestId: 'R',
  ReportUrl:
    'http://eas-benchmark.oss-cn-chengdu.aliyuncs.com/summary/benchmark-servicename-example-b514-10004.html',
};

export const samples: Record<string, Sample> = {
  benchmarkListView: {
    view: () => benchmarkListView(benchmarks),
    text: `
[RequestId]: DE240637-4976-59AF-A28C-BAA55C0A****
+------------------------------------+--------------------------+-------------+----------------+---------+---------------------+
|              TASKNAME              |          TASKID          |   REGION    | AVAILABLEAGENT | STATUS  |     CREATETIME      |
+------------------------------------+--------------------------+-------------+----------------+---------+---------------------+
| benchmark-servicename-example-b514 | eas-b-gyv5vnk8ri6zw3eefc | cn-shanghai |              1 | Running | 2021-11-18 14:15:16 |
+------------------------------------+--------------------------+-------------+----------------+---------+---------------------+
`,
    json: benchmarks,
    cjk: () => benchmarkListView({ ...benchmarks, Tasks: [{ ...benchmark, Status: '模型' }] }),
  },
  benchmarkView: {
    view: () => benchmarkView(benchmark),
    text: `
+----------------+------------------------------------+
|       TaskName | benchmark-servicename-example-b514 |
|         TaskId | eas-b-gyv5vnk8ri6zw3eefc           |
|    ServiceName | servicename_example                |
|         Region | cn-shanghai                        |
|   DesiredAgent | 1                                  |
| AvailableAgent | 1                                  |
|         Status | Running                            |
|        Message | Benchmark task is Running          |
|     CreateTime | 2021-11-18 14:15:16                |
|     UpdateTime | 2021-11-18 14:15:20                |
|         Config | {                                  |
|                |   "base": {                        |
|                |     "agentCount": 1,               |
|                |     "duration": 600                |
|                |   },                               |
|                |   "service": {                     |
|                |     "requestToken": "******",      |
|                |     "serviceName":                 |
|                | "servicename_example"              |
|                |   }                                |
|                | }                                  |
+----------------+------------------------------------+
`,
    json: benchmark,
    cjk: () => benchmarkView({ ...benchmark, Message: '模型 モデル 모델' }),
  },
  benchmarkReportView: {
    view: () => benchmarkReportView('benchmark-servicename-example-b514', benchmarkReport),
    text: `
[OK] Benchmark task benchmark-servicename-example-b514 report url: http://eas-benchmark.oss-cn-chengdu.aliyuncs.com/summary/benchmark-servicename-example-b514-10004.html
`,
    json: benchmarkReport,
  },
  // eascmd.md 2.7
  serviceListView: {
    view: () => serviceListView(listed),
    text: `
[RequestId]: 83945D4E-ED3E-4D35-A989-831E36BB****
+---------------------------+-------------+----------+---------------------+---------------------+---------+--------+----------------------------------------+
|        SERVICENAME        |   REGION    | INSTANCE |     CREATETIME      |     UPDATETIME      | STATUS  | WEIGHT |              SERVICEPATH               |
+---------------------------+-------------+----------+---------------------+---------------------+---------+--------+----------------------------------------+
| mnist_saved_model_example | cn-shanghai |        1 | 2019-02-21 16:35:41 | 2019-02-21 16:35:41 | Running |      0 | /api/predict/mnist_saved_model_example |
+---------------------------+-------------+----------+---------------------+---------------------+---------+--------+----------------------------------------+
`,
    json: listed,
  },
  // eascmd.md 2.8: the tail as it stands there, the rows before it from its list of rows and values
  serviceView: {
    view: () => serviceView(mnist),
    text: `
+------------------+-----------------------------------------------------------------------------------+
|           Status | Running                                                                           |
|      ServiceName | mnist_saved_model_example                                                         |
|           Region | cn-shanghai                                                                       |
|       CreateTime | 2019-02-21 16:35:41                                                               |
|       UpdateTime | 2019-02-21 16:35:41                                                               |
|      AccessToken | T                                                                                 |
|    TotalInstance | 1                                                                                 |
|  RunningInstance | 1                                                                                 |
|  PendingInstance | 0                                                                                 |
|              CPU | 1                                                                                 |
|              GPU | 0                                                                                 |
|           Memory | 1000M                                                                             |
|            Image |                                                                                   |
|           Weight | 0                                                                                 |
|    LatestVersion | 1                                                                                 |
|   CurrentVersion | 1                                                                                 |
|          Message | Service start successfully                                                        |
| IntranetEndpoint | http://pai-eas-vpc.cn-shanghai.aliyuncs.com/api/predict/mnist_saved_model_example |
|    ServiceConfig | {                                                                                 |
|                  |   "generate_token": "false",                                                      |
|                  |   "metadata": {                                                                   |
|                  |     "cpu": 1,                                                                     |
|                  |     "instance": 1,                                                                |
|                  |     "region": "cn-shanghai"                                                       |
|                  |   },                                                                              |
|                  |   "model_path":                                                                   |
|                  | "http://eas-data.oss-cn-shanghai.aliyuncs.com/models%2Fmnist_saved_model.tar.gz", |
|                  |   "name":                                                                         |
|                  | "mnist_saved_model_example",                                                      |
|                  |   "processor":                                                                    |
|                  | "tensorflow_cpu"                                                                  |
|                  | }                                                                                 |
+------------------+-----------------------------------------------------------------------------------+
`,
    json: mnist,
    cjk: () =>
      serviceView({ ...mnist, Message: '服务启动失败:模型文件不存在,请检查 model_path 后重试 モデル 모델' }),
  },
  // eascmd.md 2.9
  instanceListView: {
    view: () => instanceListView(workers),
    text: `
[RequestId]: 4E905404-E617-4BD8-85D6-EC5C6A0D****
+--------------+----------------+---------------------+----------+---------+-------+--------+
|   INNERIP    |     HOSTIP     |       STARTAT       | RESTARTS | STATUS  | READY | REASON |
+--------------+----------------+---------------------+----------+---------+-------+--------+
| 172.24.XX.XX | 192.168.XX.XXX | 2019-02-21 16:35:58 |        0 | Running | [1/1] |        |
+--------------+----------------+---------------------+----------+---------+-------+--------+
`,
    json: workers,
    cjk: () => instanceListView({ ...workers, Instances: [{ ...instance, Reason: '模型加载失败' }] }),
  },
  // eascmd.md 2.4, R2
  endpointListView: {
    view: () => endpointListView(endpoints),
    text: `
[RequestId]: 1651567F-8F8D-4A2B-933D-F8D3E2DD****
+-------------------+------------------------------------------------------------------------------------------------+
| Internet Endpoint | http://1271520832287160.cn-shanghai.pai-eas.aliyuncs.com/api/predict/test_triton_processor     |
| Intranet Endpoint | http://1271520832287160.vpc.cn-shanghai.pai-eas.aliyuncs.com/api/predict/test_triton_processor |
|             Token | MmY3M2ExZGYwYjZiMTQ5YTRmZWE3MDAzNWM1ZTBiOWQ3MGYxZGNkZQ==                                       |
+-------------------+------------------------------------------------------------------------------------------------+
`,
    json: endpoints,
  },
  // eascmd.md 2.3
  uploadView: {
    view: () => uploadView(upload),
    text: 'Succeed: Total num: 1, size: 33,013. OK num: 1(upload 1 files).\n',
    json: {
      endpoint: upload.endpoint,
      target: uploaded.target,
      targets: upload.targets,
      sizeBytes: 33_013,
      files: 1,
      objects: [uploaded],
    },
  },
  eventListView: {
    view: () => eventListView(events('{"versionId":1,"message":"instance started"}')),
    text: `
[RequestId]: R
+---------------------+--------+---------+------------------+
|        TIME         |  TYPE  | REASON  |     MESSAGE      |
+---------------------+--------+---------+------------------+
| 2026-01-02 03:04:05 | Normal | Started | instance started |
+---------------------+--------+---------+------------------+
`,
    json: events('{"versionId":1,"message":"instance started"}'),
    cjk: () => eventListView(events('{"message":"实例已启动,模型版本一,等待流量切换到新的实例,再见"}')),
  },
  labelListView: {
    view: () => labelListView(labelled('vision')),
    text: `
[RequestId]: R
+-------+--------+
|  KEY  | VALUE  |
+-------+--------+
| stage |      2 |
| team  | vision |
+-------+--------+
`,
    json: { stage: '2', team: 'vision' },
    cjk: () => labelListView(labelled('모델팀')),
  },
  regionListView: {
    view: () => regionListView(regions('Shanghai')),
    text: `
[RequestId]: R
+-------------+------------+
|  REGIONID   | REGIONNAME |
+-------------+------------+
| cn-shanghai | Shanghai   |
+-------------+------------+
`,
    json: regions('Shanghai'),
    cjk: () => regionListView(regions('华东2(上海)模型')),
  },
  versionListView: {
    view: () => versionListView(versions('broken')),
    text: `
[RequestId]: R
+---------+---------+---------------------+----------+---------+
| VERSION | CURRENT |      BUILDTIME      | RUNNABLE | MESSAGE |
+---------+---------+---------------------+----------+---------+
|       2 |         | 2026-01-02 03:04:05 | false    | broken  |
|       1 | yes     | 2026-01-01 03:04:05 | true     |         |
+---------+---------+---------------------+----------+---------+
`,
    json: versions('broken'),
    cjk: () => versionListView(versions('モデルのダウンロードに失敗しました')),
  },
  autoscalerView: {
    view: () => autoscalerView(autoscaler),
    text: `
+-------------+---------------------+
| ServiceName | echo                |
|  MinReplica | 1                   |
|  MaxReplica | 5                   |
|         QPS | threshold 10, now 4 |
+-------------+---------------------+
`,
    json: autoscaler,
  },
  resourceListView: {
    view: () => resourceListView([resource]),
    text: `
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
|       RESOURCENAME       |  CLUSTERID  | INSTANCECOUNT | GPUCOUNT | CPUCOUNT |     OWNERUID     |     CREATETIME      |    STATUS     |
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
| eas-r-lzo32vrdbtukr7te3i | cn-shanghai |             1 |        0 |       16 | 182848887922**** | 2020-03-18 13:09:24 | ResourceReady |
+--------------------------+-------------+---------------+----------+----------+------------------+---------------------+---------------+
`,
    json: { Resources: [resource] },
    cjk: () => resourceListView([{ ...resource, OwnerUid: '模型资源组' }]),
  },
  resourceView: {
    view: () => resourceView(resource),
    text: `
+---------+-----------------+---------------------------------------------+
|   Basic | ResourceName    | eas-r-lzo32vrdbtukr7te3i                    |
|         | Region          | cn-shanghai                                 |
|         | CpuCount        | 16                                          |
|         | GpuCount        | 0                                           |
|         | instanceCount   | 1                                           |
|         | CreateTime      | 2020-03-18 13:09:24                         |
|         | LastStatus      | ResourceReady                               |
|         | Message         | Resource is ready                           |
|         | RoleArn         | acs:ram::xxx:role/AliyunPAIAccessingENIRole |
| Network | VpcId           | vpc-uf6s9pv47nu03srne****                   |
|         | VSwitchId       | vsw-uf6voq53e893k56ws****                   |
|         | SecurityGroupId | sg-uf6c5twkfar8l06c****                     |
|         | DestinationCIDR |                                             |
|         | AuxVSwitchList  | []                                          |
+---------+-----------------+---------------------------------------------+
`,
    json: resource,
    cjk: () => resourceView({ ...resource, Message: '模型资源组已就绪' }),
  },
  resourceInstanceListView: {
    view: () => resourceInstanceListView([resourceInstance]),
    text: `
+------------------------------------+------------+--------+----------------+----------------+-------------------+---------------------+----------------+------------+
|            INSTANCENAME            | INSTANCEIP | STATUS | TOTAL/USED CPU | TOTAL/USED GPU | TOTAL/USED MEMORY |     CREATETIME      |  INSTANCETYPE  | CHARGETYPE |
+------------------------------------+------------+--------+----------------+----------------+-------------------+---------------------+----------------+------------+
| cn-shanghai.i-uf6dj71ir6mh3gjmaz3a | 10.224.0.1 | Ready  | 16/6           | 0/0            | 62240M/4200M      | 2020-03-18 13:09:34 | ecs.g6.4xlarge | PostPaid   |
+------------------------------------+------------+--------+----------------+----------------+-------------------+---------------------+----------------+------------+
`,
    json: { Instances: [resourceInstance] },
    cjk: () => resourceInstanceListView([{ ...resourceInstance, InstanceType: '模型四核' }]),
  },
  cronscalerView: {
    view: () => cronscalerView(cronscaler('done')),
    text: `
+-------+-------------+------------+---------+---------------------+---------+
| NAME  |  SCHEDULE   | TARGETSIZE |  STATE  |    LASTPROBETIME    | MESSAGE |
+-------+-------------+------------+---------+---------------------+---------+
| night | 0 0 3 * * * |          2 | Succeed | 2026-01-02 03:00:00 | done    |
+-------+-------------+------------+---------+---------------------+---------+
ExcludeDates: * * * * * 6,0
`,
    json: cronscaler('done'),
    cjk: () => cronscalerView(cronscaler('定时扩缩容已执行,模型实例数为二')),
  },
  settingsView: {
    view: () => settingsView(settings),
    text: `
+-------------------+-------------+--------+----------------------+
|       NAME        |    VALUE    | SOURCE |         FROM         |
+-------------------+-------------+--------+----------------------+
| endpoint          | cn-shanghai | flag   | -e                   |
| access_key_secret | ****        | file   | /home/me/.eas/config |
+-------------------+-------------+--------+----------------------+
`,
    json: settings,
    cjk: () =>
      settingsView([{ name: 'oss_bucket', value: '模型桶', source: 'file', from: '/home/用户/.eas/config' }]),
  },
  acknowledgedView: {
    view: () => acknowledgedView({ RequestId: 'R', Message: 'Service [echo] in region [x] is 模型' }),
    text: '[RequestId]: R\n[OK] Service [echo] in region [x] is 模型\n',
    json: { RequestId: 'R', Message: 'Service [echo] in region [x] is 模型' },
  },
  // eascmd.md 2.11
  // eascmd.md 2.12, its third column 43 wide as it says
  // eascmd.md 2.13: columns and row of the sample by the rules of 2.1
  objectListView: {
    view: () => objectListView(objects('k')),
    text: `
+---------------------+--------+------------+
|    LASTMODIFIED     |  SIZE  |   OBJECT   |
+---------------------+--------+------------+
|                     |        | oss://b/f/ |
| 2026-01-02 03:04:05 | 33,013 | oss://b/k  |
+---------------------+--------+------------+
Total num: 1, size: 33,013.
`,
    json: { ...objects('k'), sizeBytes: 33_013 },
    cjk: () => objectListView(objects('模型.tar.gz')),
  },
  bucketListView: {
    view: () => bucketListView(buckets),
    text: `
+---------------------+-----------+---------+
|    CREATIONTIME     |  REGION   | BUCKET  |
+---------------------+-----------+---------+
| 2026-01-02 03:04:05 | oss-local | oss://b |
+---------------------+-----------+---------+
`,
    json: buckets,
  },
  downloadView: {
    view: () => downloadView(download),
    text: `
[OK] saved to: [/w/k]
Succeed: Total num: 1, size: 33,013. OK num: 1(download 1 objects).
`,
    json: download,
  },
  acceptedView: {
    view: () => acceptedView('eascmd wait echo', { RequestId: 'R' }),
    text: '[OK] Not waiting; to watch the service: eascmd wait echo\n',
    json: { RequestId: 'R' },
  },
  dryRunView: {
    view: () => dryRunView(target, { method: 'PUT', path: '/api/v2/x', body: { token: 'hidden', 模型: 1 } }),
    text: `
PUT https://pai-eas.x/api/v2/x
{
  "token": "******",
  "模型": 1
}
`,
    json: { method: 'PUT', url: 'https://pai-eas.x/api/v2/x', body: { token: '******', 模型: 1 } },
  },
  differenceView: {
    view: () => differenceView(differences),
    text: '[DIFF] metadata.instance: 1 -> 2\n',
    json: differences,
  },
  predictionView: {
    view: () => predictionView(prediction),
    text: '{"p": "模型"}',
    json: { status: 200, latencyMs: 12, body: '{"p": "模型"}' },
  },
  predictionListView: {
    view: () => predictionListView([prediction]),
    text: '',
    json: [{ status: 200, latencyMs: 12, body: '{"p": "模型"}' }],
  },
  projectView: {
    view: () => projectView(project),
    text: `
[OK] Made a Python processor in my service:
  app.py        the processor
  service.json  the description
To build and try it:
  cd 'my service'
  eascmd -e local create service.json
  eascmd -e local predict my_service -f request.txt
`,
    json: {
      folder: '/work/my service',
      service: 'my_service',
      files: ['app.py', 'service.json'],
      buildCommand: null,
    },
  },
};
