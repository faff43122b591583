import type { Instance } from '../instances/instance.ts';
import { NO_ROOM } from '../resources/placement.ts';
import { podName, waitingName } from '../service/names.ts';
import { readSize } from '../service/read.ts';
import type { Config } from '../service/spec.ts';
import type { ServiceRow } from '../state/services.ts';

const LOOPBACK = '127.0.0.1';

/** An Instance object (openapi.md section 3); statuses are those of pods, as `w` shows them (eascmd.md 2.9). */
export function instanceReply(row: ServiceRow, instance: Instance): Record<string, unknown> {
  const { identity, phase, history } = instance;
  const isReady = phase === 'ready';
  return {
    InstanceName: identity.name,
    Namespace: podName(row.name),
    InnerIP: LOOPBACK,
    HostIP: LOOPBACK,
    HostName: 'local',
    InstancePort: instance.port ?? 0,
    CreateTime: identity.createdAt,
    StartTime: instance.startedAt,
    StartAt: instance.startedAt,
    RestartCount: instance.restarts,
    Status: statusOf(instance),
    Reason: reasonOf(instance),
    LastState: history.lastState ? [history.lastState] : [],
    ReadyProcesses: isReady ? 1 : 0,
    TotalProcesses: 1,
    IsLatest: identity.version === row.current_version && identity.revision === row.revision,
    IsReplica: false,
    IsSpot: false,
    Isolated: false,
    Detached: false,
    ResourceType: readSize((JSON.parse(row.config) as Config).metadata as Config).resource
      ? 'PrivateResource'
      : 'PublicResource',
    Role: 'Standard',
  };
}

/**
 * Instances that wait for room in their resource group, as pods that nothing has scheduled (eascmd.md 2.9): they have a
 * name and no address, and keep the name until one of them starts.
 */
export function waitingReplies(row: ServiceRow, present: number): Record<string, unknown>[] {
  if (!row.message.startsWith(NO_ROOM)) return [];
  return Array.from({ length: Math.max(0, row.instances - present) }, (_, index) => ({
    InstanceName: waitingName(row, index),
    Namespace: podName(row.name),
    InnerIP: '',
    HostIP: '',
    CreateTime: row.updated_at,
    StartTime: '',
    StartAt: '',
    RestartCount: 0,
    Status: 'Pending',
    Reason: 'Unschedulable',
    LastState: [],
    ReadyProcesses: 0,
    TotalProcesses: 1,
    IsLatest: true,
    IsReplica: false,
    IsSpot: false,
    Isolated: false,
    Detached: false,
    ResourceType: 'PrivateResource',
    Role: 'Standard',
  }));
}

/** A pod that crashes stays Running as a pod; its reason says that it doesn't work. */
function statusOf({ phase, failures }: Instance): string {
  if (phase === 'draining' || phase === 'gone') return 'Terminating';
  if (phase === 'pending' && failures === 0) return 'Pending';
  return 'Running';
}

function reasonOf({ phase, isBlocked, failures, history }: Instance): string {
  if (phase === 'ready' || phase === 'draining' || failures === 0) return '';
  if (isBlocked || failures === 1) return history.lastState?.reason ?? 'Error';
  return 'CrashLoopBackOff';
}
