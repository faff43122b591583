import type { Operation } from './context.ts';
import {
  createServiceAutoScaler,
  deleteServiceAutoScaler,
  describeServiceAutoScaler,
  updateServiceAutoScaler,
} from './operations/autoscaler.ts';
import {
  createBenchmarkTask,
  deleteBenchmarkTask,
  describeBenchmarkTask,
  describeBenchmarkTaskReport,
  listBenchmarkTask,
  startBenchmarkTask,
  stopBenchmarkTask,
  updateBenchmarkTask,
} from './operations/benchmark-tasks.ts';
import { cloneService } from './operations/clone-service.ts';
import { createService } from './operations/create-service.ts';
import {
  createServiceCronScaler,
  deleteServiceCronScaler,
  describeServiceCronScaler,
  updateServiceCronScaler,
} from './operations/cronscaler.ts';
import { deleteService } from './operations/delete-service.ts';
import { deleteServiceInstances } from './operations/delete-service-instances.ts';
import { deleteServiceLabel } from './operations/delete-service-label.ts';
import { describeRegions } from './operations/describe-regions.ts';
import { describeService } from './operations/describe-service.ts';
import { describeServiceEndpoints } from './operations/describe-service-endpoints.ts';
import { describeServiceEvent } from './operations/describe-service-event.ts';
import { describeServiceLog } from './operations/describe-service-log.ts';
import { deleteResourceDLink, describeResourceDLink, updateResourceDLink } from './operations/direct-link.ts';
import { listResourceInstanceWorker } from './operations/list-resource-instance-worker.ts';
import { listServiceInstances } from './operations/list-service-instances.ts';
import { listServiceVersions } from './operations/list-service-versions.ts';
import { listServices } from './operations/list-services.ts';
import { releaseService } from './operations/release-service.ts';
import {
  describeResource,
  listResourceInstances,
  listResourceServices,
  listResources,
} from './operations/resources.ts';
import { restartService } from './operations/restart-service.ts';
import { scaleService } from './operations/scale-service.ts';
import { startService } from './operations/start-service.ts';
import { stopService } from './operations/stop-service.ts';
import { updateService } from './operations/update-service.ts';
import { updateServiceLabel } from './operations/update-service-label.ts';
import { updateServiceSafetyLock } from './operations/update-service-safety-lock.ts';
import { updateServiceVersion } from './operations/update-service-version.ts';

/** Name, method and path of an operation (openapi.md section 4), and who answers it. */
export interface OperationRow {
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  handle: Operation;
}

const row = (
  name: string,
  method: OperationRow['method'],
  path: string,
  handle: Operation,
): OperationRow => ({
  name,
  method,
  path: `/api/v2/${path}`,
  handle,
});

const service = 'services/{ClusterId}/{ServiceName}';
const resource = 'resources/{ClusterId}/{ResourceId}';
const benchmark = 'benchmark-tasks/{ClusterId}/{TaskName}';

export const operations: OperationRow[] = [
  row('CreateService', 'POST', 'services', createService),
  row('ListServices', 'GET', 'services', listServices),
  row('DescribeService', 'GET', service, describeService),
  row('UpdateService', 'PUT', service, updateService),
  row('DeleteService', 'DELETE', service, deleteService),
  row('StartService', 'PUT', `${service}/start`, startService),
  row('StopService', 'PUT', `${service}/stop`, stopService),
  row('RestartService', 'PUT', `${service}/restart`, restartService),
  row('ScaleService', 'PUT', `${service}/scale`, scaleService),
  row('ReleaseService', 'PUT', `${service}/release`, releaseService),
  row('UpdateServiceVersion', 'PUT', `${service}/version`, updateServiceVersion),
  row('ListServiceVersions', 'GET', `${service}/versions`, listServiceVersions),
  row('ListServiceInstances', 'GET', `${service}/instances`, listServiceInstances),
  row('DeleteServiceInstances', 'DELETE', `${service}/instances`, deleteServiceInstances),
  row('DescribeServiceLog', 'GET', `${service}/logs`, describeServiceLog),
  row('DescribeServiceEvent', 'GET', `${service}/events`, describeServiceEvent),
  row('DescribeServiceEndpoints', 'GET', `${service}/endpoints`, describeServiceEndpoints),
  row('UpdateServiceLabel', 'PUT', `${service}/label`, updateServiceLabel),
  row('DeleteServiceLabel', 'DELETE', `${service}/label`, deleteServiceLabel),
  row('UpdateServiceSafetyLock', 'PUT', `${service}/lock`, updateServiceSafetyLock),
  row('CloneService', 'POST', `${service}/clone`, cloneService),
  row('CreateServiceAutoScaler', 'POST', `${service}/autoscaler`, createServiceAutoScaler),
  row('UpdateServiceAutoScaler', 'PUT', `${service}/autoscaler`, updateServiceAutoScaler),
  row('DescribeServiceAutoScaler', 'GET', `${service}/autoscaler`, describeServiceAutoScaler),
  row('DeleteServiceAutoScaler', 'DELETE', `${service}/autoscaler`, deleteServiceAutoScaler),
  row('CreateServiceCronScaler', 'POST', `${service}/cronscaler`, createServiceCronScaler),
  row('UpdateServiceCronScaler', 'PUT', `${service}/cronscaler`, updateServiceCronScaler),
  row('DescribeServiceCronScaler', 'GET', `${service}/cronscaler`, describeServiceCronScaler),
  row('DeleteServiceCronScaler', 'DELETE', `${service}/cronscaler`, deleteServiceCronScaler),
  row('ListResources', 'GET', 'resources', listResources),
  row('DescribeResource', 'GET', resource, describeResource),
  row('ListResourceInstances', 'GET', `${resource}/instances`, listResourceInstances),
  row(
    'ListResourceInstanceWorker',
    'GET',
    `${resource}/instance/{InstanceName}/workers`,
    listResourceInstanceWorker,
  ),
  row('ListResourceServices', 'GET', `${resource}/services`, listResourceServices),
  row('DescribeResourceDLink', 'GET', `${resource}/dlink`, describeResourceDLink),
  row('UpdateResourceDLink', 'PUT', `${resource}/dlink`, updateResourceDLink),
  row('DeleteResourceDLink', 'DELETE', `${resource}/dlink`, deleteResourceDLink),
  row('CreateBenchmarkTask', 'POST', 'benchmark-tasks', createBenchmarkTask),
  row('ListBenchmarkTask', 'GET', 'benchmark-tasks', listBenchmarkTask),
  row('DescribeBenchmarkTask', 'GET', benchmark, describeBenchmarkTask),
  row('UpdateBenchmarkTask', 'PUT', benchmark, updateBenchmarkTask),
  row('StartBenchmarkTask', 'PUT', `${benchmark}/start`, startBenchmarkTask),
  row('StopBenchmarkTask', 'PUT', `${benchmark}/stop`, stopBenchmarkTask),
  row('DeleteBenchmarkTask', 'DELETE', benchmark, deleteBenchmarkTask),
  row('DescribeBenchmarkTaskReport', 'GET', `${benchmark}/report`, describeBenchmarkTaskReport),
  row('DescribeRegions', 'GET', 'regions', describeRegions),
];
