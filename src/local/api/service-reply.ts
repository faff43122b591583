import { podName } from '../service/names.ts';
import { readSpec } from '../service/read.ts';
import type { Config } from '../service/spec.ts';
import type { ServiceRow } from '../state/services.ts';
import type { ApiContext } from './context.ts';

/** A Service object as lists have it (openapi.md section 3). */
export function serviceReply(context: ApiContext, row: ServiceRow): Record<string, unknown> {
  const { running, pending } = context.lifecycle.counts(row);
  const spec = readSpec(JSON.parse(row.config) as Config);
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
    AccessToken: row.token,
    TotalInstance: row.instances,
    RunningInstance: running,
    PendingInstance: pending,
    Cpu: spec.cpu,
    Gpu: spec.gpu,
    Memory: spec.memoryMb,
    Image: context.state.versions.get(row.id, row.current_version)?.image ?? '',
    Weight: 0,
    LatestVersion: row.latest_version,
    CurrentVersion: row.current_version,
    ServiceConfig: row.config,
    ExtraData: '{}',
    SafetyLock: row.safety_lock,
    TrafficState: 'standalone',
    Labels: Object.entries(labels).map(([LabelKey, LabelValue]) => ({ LabelKey, LabelValue })),
  };
}

/** Addresses of a service; both networks of the cloud are this machine here. */
export function endpointsOf(context: ApiContext, name: string) {
  const url = `${context.apiUrl}/api/predict/${name}`;
  return { InternetEndpoint: url, IntranetEndpoint: url };
}
