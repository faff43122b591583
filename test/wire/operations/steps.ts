import { serviceJson } from '../../local/support.ts';
import {
  instanceShape,
  resourceInstanceShape,
  resourceShape,
  type Shape,
  serviceShape,
  workerShape,
} from './shapes.ts';

type Text = string | ((names: Names) => string);

/** Names that one run of the steps works with. */
export interface Names {
  service: string;
  copy: string;
  /** The blue-green twin, once it is there. */
  twin: string;
  /** An instance of the service. */
  instance: string;
  /** A resource group, and a machine of it. */
  resource: string;
  machine: string;
}

/** One call of an operation as openapi.md section 4 writes it, and what has to come back. */
export interface Step {
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{service}`, `{copy}`, `{twin}` and `{instance}` for names. */
  path: string;
  query?: Record<string, Text>;
  body?: (names: Names) => unknown;
  /** All fields of the reply besides RequestId; those of `of` may be left out. */
  reply: Shape;
  isPartial?: boolean;
  /** Shape of the members of a list in the reply. */
  members?: { of: string; shape: Shape; isPartial?: boolean };
  /** Text that Message has to be. */
  message?: Text;
  /** Status that the service reaches after it; `gone` when it is deleted. */
  reaches?: string;
  /** Whose status `reaches` is about. */
  who?: 'service' | 'copy' | 'twin';
}

const acknowledged: Shape = { Message: 'string' };
const page: Shape = { PageNumber: 'number', PageSize: 'number', TotalCount: 'number' };
const oldPage: Shape = { PageNum: 'number', TotalCount: 'number', TotalPageNum: 'number' };
const created: Shape = {
  InternetEndpoint: 'string',
  IntranetEndpoint: 'string',
  ServiceId: 'string',
  ServiceName: 'string',
  Status: 'string',
};
const at = (rest = '') => `/api/v2/services/local/{service}${rest}`;
const strategies = (threshold: number) => ({
  min: 1,
  max: 3,
  scaleStrategies: [{ metricName: 'qps', threshold }],
});
const jobs = (TargetSize: number) => ({
  ScaleJobs: [{ Name: 'night', Schedule: '0 0 3 * * *', TargetSize }],
});

const group = (rest = '') => `/api/v2/resources/local/{resource}${rest}`;

/** In this order for each client; every operation that Local EAS claims has to stand here. */
export const steps: Step[] = [
  {
    operation: 'DescribeRegions',
    method: 'GET',
    path: '/api/v2/regions',
    reply: { Regions: 'array' },
    members: { of: 'Regions', shape: { RegionId: 'string', RegionName: 'string' } },
  },
  {
    operation: 'CreateService',
    method: 'POST',
    path: '/api/v2/services',
    query: { Labels: JSON.stringify({ team: '视觉 & more' }) },
    body: ({ service }) => serviceJson(service, { metadata: { instance: 2, cpu: 1 } }),
    reply: { ...created, Region: 'string' },
    reaches: 'Running',
  },
  {
    operation: 'ListServices',
    method: 'GET',
    path: '/api/v2/services',
    query: { Filter: ({ service }) => service, PageNumber: '1', PageSize: '10', Order: 'asc' },
    reply: { ...page, Services: 'array' },
    members: { of: 'Services', shape: serviceShape, isPartial: true },
  },
  { operation: 'DescribeService', method: 'GET', path: at(), reply: serviceShape, isPartial: true },
  {
    operation: 'DescribeServiceEndpoints',
    method: 'GET',
    path: at('/endpoints'),
    reply: { AccessToken: 'string', Endpoints: 'array', Message: 'string' },
    message: 'Execution succeeded.',
  },
  {
    operation: 'ListServiceInstances',
    method: 'GET',
    path: at('/instances'),
    query: { PageNumber: '1', PageSize: '100' },
    reply: { ...page, Instances: 'array' },
    members: { of: 'Instances', shape: instanceShape, isPartial: true },
  },
  {
    operation: 'DescribeServiceLog',
    method: 'GET',
    path: at('/logs'),
    query: { PageNum: '1', PageSize: '500', Keyword: 'started' },
    reply: { ...oldPage, Logs: 'array' },
  },
  {
    operation: 'DescribeServiceEvent',
    method: 'GET',
    path: at('/events'),
    query: { PageNum: '1', PageSize: '100', EventType: 'Normal', StartTime: '2026-01-01 00:00:00' },
    reply: { ...oldPage, Events: 'array' },
    members: {
      of: 'Events',
      shape: { Message: 'string', Reason: 'string', Resource: 'string', Time: 'string', Type: 'string' },
    },
  },
  {
    operation: 'UpdateServiceLabel',
    method: 'PUT',
    path: at('/label'),
    body: () => ({ Labels: { stage: "it's *new* ~ (α)" } }),
    reply: acknowledged,
    message: ({ service }) => `Succeed to update service [${service}] labels.`,
  },
  {
    operation: 'DeleteServiceLabel',
    method: 'DELETE',
    path: at('/label'),
    query: { LabelKeys: JSON.stringify(['team', 'stage']) },
    reply: acknowledged,
    message: ({ service }) => `Succeed to delete service [${service}] labels.`,
  },
  ...(['dangerous', 'none'] as const).map(
    (Lock): Step => ({
      operation: 'UpdateServiceSafetyLock',
      method: 'PUT',
      path: at('/lock'),
      body: () => ({ Lock }),
      reply: acknowledged,
      message: `service safety lock updated to ${Lock}`,
    }),
  ),
  {
    operation: 'DeleteServiceInstances',
    method: 'DELETE',
    path: at('/instances'),
    query: { InstanceList: ({ instance }) => instance },
    reply: acknowledged,
    message: ({ service, instance }) =>
      `Instance(s) [${instance}] for service [${service}] in region [local] was deleted successfully`,
    reaches: 'Running',
  },
  {
    operation: 'ScaleService',
    method: 'PUT',
    path: at('/scale'),
    body: () => ({ Instance: 1 }),
    reply: acknowledged,
    message: ({ service }) => `Service [${service}] in region [local] is scaling`,
    reaches: 'Running',
  },
  {
    operation: 'RestartService',
    method: 'PUT',
    path: at('/restart'),
    reply: acknowledged,
    message: 'Service is restarting',
    reaches: 'Running',
  },
  {
    operation: 'UpdateService',
    method: 'PUT',
    path: at(),
    query: { UpdateType: 'merge' },
    body: () => ({ model_config: '第二' }),
    reply: acknowledged,
    message: ({ service }) => `Succeed to update service [${service}] in region [local]`,
    reaches: 'Running',
  },
  {
    operation: 'ListServiceVersions',
    method: 'GET',
    path: at('/versions'),
    query: { PageNumber: '1', PageSize: '100' },
    reply: { ...page, Versions: 'array' },
    members: {
      of: 'Versions',
      shape: {
        BuildTime: 'string',
        ImageAvailable: 'string',
        ImageId: 'number',
        Message: 'string',
        ServiceConfig: 'string',
        ServiceRunnable: 'string',
      },
    },
  },
  {
    operation: 'UpdateServiceVersion',
    method: 'PUT',
    path: at('/version'),
    body: () => ({ Version: 1 }),
    reply: acknowledged,
    message: ({ service }) => `Service [${service}] in region [local] is starting`,
    reaches: 'Running',
  },
  {
    operation: 'StopService',
    method: 'PUT',
    path: at('/stop'),
    reply: acknowledged,
    message: ({ service }) => `Service [${service}] in region [local] is stopping`,
    reaches: 'Stopped',
  },
  {
    operation: 'StartService',
    method: 'PUT',
    path: at('/start'),
    reply: acknowledged,
    message: ({ service }) => `Service [${service}] in region [local] is starting`,
    reaches: 'Running',
  },
  {
    operation: 'CreateServiceAutoScaler',
    method: 'POST',
    path: at('/autoscaler'),
    body: () => strategies(10),
    reply: acknowledged,
    message: ({ service }) => `Succeed to auto scale service [${service}]`,
  },
  {
    operation: 'UpdateServiceAutoScaler',
    method: 'PUT',
    path: at('/autoscaler'),
    body: () => strategies(20),
    reply: acknowledged,
    message: ({ service }) => `Update auto scale for service [${service}] successfully`,
  },
  {
    operation: 'DescribeServiceAutoScaler',
    method: 'GET',
    path: at('/autoscaler'),
    reply: {
      Behavior: 'object',
      CurrentMetrics: 'array',
      MaxReplica: 'number',
      MinReplica: 'number',
      ScaleStrategies: 'array',
      ServiceName: 'string',
    },
    members: {
      of: 'ScaleStrategies',
      shape: { metricName: 'string', service: 'string', threshold: 'number' },
    },
  },
  {
    operation: 'DeleteServiceAutoScaler',
    method: 'DELETE',
    path: at('/autoscaler'),
    reply: acknowledged,
    message: ({ service }) => `Autoscaler for service [${service}] deleted successfully`,
  },
  {
    operation: 'CreateServiceCronScaler',
    method: 'POST',
    path: at('/cronscaler'),
    body: () => jobs(2),
    reply: acknowledged,
    message: ({ service }) => `Create cron scaler for service [${service}] successfully`,
  },
  {
    operation: 'UpdateServiceCronScaler',
    method: 'PUT',
    path: at('/cronscaler'),
    body: () => jobs(1),
    reply: acknowledged,
    message: ({ service }) => `Update cron scaler for service [${service}] successfully`,
  },
  {
    operation: 'DescribeServiceCronScaler',
    method: 'GET',
    path: at('/cronscaler'),
    reply: { ExcludeDates: 'array', ScaleJobs: 'array', ServiceName: 'string' },
    members: {
      of: 'ScaleJobs',
      shape: {
        CreateTime: 'string',
        LastProbeTime: 'string',
        Message: 'string',
        Name: 'string',
        Schedule: 'string',
        State: 'string',
        TargetSize: 'number',
      },
      isPartial: true,
    },
  },
  {
    operation: 'DeleteServiceCronScaler',
    method: 'DELETE',
    path: at('/cronscaler'),
    reply: acknowledged,
    message: ({ service }) => `Cronscaler for service [${service}] deleted successfully`,
  },
  {
    operation: 'CloneService',
    method: 'POST',
    path: at('/clone'),
    body: ({ copy }) => ({ name: copy }),
    reply: created,
    reaches: 'Running',
    who: 'copy',
  },
  {
    operation: 'CreateService',
    method: 'POST',
    path: '/api/v2/services',
    query: { BlueGreen: 'true' },
    body: ({ service }) =>
      serviceJson(service, { metadata: { instance: 1, cpu: 0.1, memory: 1, resource: 'eas-r-local' } }),
    reply: { ...created, Region: 'string' },
    reaches: 'Running',
    who: 'twin',
  },
  {
    operation: 'ReleaseService',
    method: 'PUT',
    path: '/api/v2/services/local/{twin}/release',
    body: () => ({ Weight: 20 }),
    reply: acknowledged,
    message: ({ twin }) =>
      `Releasing service [${twin}] in region [local] with weight [20], service status: [Running]`,
  },
  {
    operation: 'ListResources',
    method: 'GET',
    path: '/api/v2/resources',
    query: { PageNumber: '1', PageSize: '100' },
    reply: { ...page, Resources: 'array' },
    members: { of: 'Resources', shape: resourceShape, isPartial: true },
  },
  {
    operation: 'DescribeResource',
    method: 'GET',
    path: group(),
    // A number in the list is text here, and an object in the list is JSON as text.
    reply: { ...resourceShape, ExtraData: 'string', ServiceCount: 'string', OwnerUid: 'string' },
    isPartial: true,
  },
  {
    operation: 'ListResourceInstances',
    method: 'GET',
    path: group('/instances'),
    query: { PageNumber: '1', PageSize: '100' },
    reply: { ...page, Instances: 'array' },
    members: { of: 'Instances', shape: resourceInstanceShape, isPartial: true },
  },
  {
    operation: 'ListResourceInstanceWorker',
    method: 'GET',
    path: group('/instance/{machine}/workers'),
    query: { PageNumber: '1', PageSize: '100' },
    reply: { ...page, Pods: 'array' },
    members: { of: 'Pods', shape: workerShape },
  },
  {
    operation: 'ListResourceServices',
    method: 'GET',
    path: group('/services'),
    query: { PageNumber: '1', PageSize: '100' },
    reply: { ...page, Services: 'array' },
    members: { of: 'Services', shape: serviceShape, isPartial: true },
  },
  {
    operation: 'UpdateResourceDLink',
    method: 'PUT',
    path: group('/dlink'),
    body: () => ({ VSwitchId: 'vsw-1', SecurityGroupId: 'sg-1', VSwitchIdList: [], DestinationCIDRs: '' }),
    reply: acknowledged,
    message: 'Network interfaces are updating',
  },
  {
    operation: 'DescribeResourceDLink',
    method: 'GET',
    path: group('/dlink'),
    reply: {
      AuxVSwitchList: 'array',
      DestinationCIDRs: 'string',
      SecurityGroupId: 'string',
      VSwitchId: 'string',
      VpcId: 'string',
    },
  },
  {
    operation: 'DeleteResourceDLink',
    method: 'DELETE',
    path: group('/dlink'),
    reply: acknowledged,
    message: 'Network interfaces are deleting',
  },
  {
    operation: 'DeleteService',
    method: 'DELETE',
    path: at(),
    reply: acknowledged,
    message: ({ service }) => `Service [${service}] in region [local] is terminating`,
    reaches: 'gone',
  },
];
