import { addressOf, living } from '../release/pair.ts';
import { podName } from '../service/names.ts';
import { readSize } from '../service/read.ts';
import type { Config } from '../service/spec.ts';
import type { ServiceRow } from '../state/services.ts';
import type { ApiContext } from './context.ts';

/** A Service object as lists have it (openapi.md section 3). */
export function serviceReply(context: ApiContext, row: ServiceRow): Record<string, unknown> {
  const { running, pending } = context.lifecycle.counts(row);
  // Ten thousand of these make a list; what was stored has been checked.
  const size = readSize((JSON.parse(row.config) as Config).metadata as Config);
  const labels = JSON.parse(row.labels) as Record<string, string>;
  return {
    ServiceName: row.name,
    ServiceId: row.id,
    ServiceUid: row.id,
    Region: context.region,
    Namespace: podName(row.name),
    CallerUid: context.uid,
    ParentUid: context.uid,
    Status: row.status,
    Reason: row.status.toUpperCase(),
    Message: row.message,
    CreateTime: row.created_at,
    UpdateTime: row.updated_at,
    AccessToken: addressOf(context.state, row).token,
    TotalInstance: row.instances,
    RunningInstance: running,
    PendingInstance: pending,
    Resource: size.resource ?? '',
    Cpu: size.cpu,
    Gpu: size.gpu,
    Memory: size.memoryMb,
    Image: context.state.versions.get(row.id, row.current_version)?.image ?? '',
    Weight: row.weight,
    LatestVersion: row.latest_version,
    CurrentVersion: row.current_version,
    ServiceConfig: row.config,
    ExtraData: extraData(context, row),
    SafetyLock: row.safety_lock,
    TrafficState: 'standalone',
    AutoscalerEnabled: context.state.scalers.has(row.id, 'auto'),
    CronscalerEnabled: context.state.scalers.has(row.id, 'cron'),
    Labels: Object.entries(labels).map(([LabelKey, LabelValue]) => ({ LabelKey, LabelValue })),
  };
}

/** Blue-green pairs name both services, oldest first (openapi.md section 3). */
function extraData({ state }: ApiContext, row: ServiceRow): string {
  const pair = row.entrance === null ? [] : living(state.services.ofEntrance(row.entrance));
  return JSON.stringify(pair.length > 1 ? { blue_green_services: pair.map(({ name }) => name) } : {});
}

/** Addresses of a service; both networks of the cloud are this machine here. */
export function endpointsOf(context: ApiContext, row: ServiceRow) {
  const url = `${context.apiUrl}/api/predict/${addressOf(context.state, row).path}`;
  return { InternetEndpoint: url, IntranetEndpoint: url };
}
