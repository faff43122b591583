import type { Instance } from '../instances/instance.ts';
import { podName } from '../service/names.ts';
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
