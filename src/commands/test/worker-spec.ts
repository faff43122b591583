import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ContainerSettings } from '../../core/worker/container.ts';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import { warmUpFile } from '../../core/worker/warm-up.ts';
import type { Plan } from './plan.ts';

/** Any model loads in this time; a start that takes longer counts as failed. */
const START_TIMEOUT_MS = 30 * 60_000;

/** Where one start of the processor happens. */
export interface Place {
  /** Holds everything of it; short, because of socket paths. */
  folder: string;
  workspace: string;
  /** The workspace as user code sees it. */
  shownWorkspace: string;
  logFile: string;
  /** 0 picks a free one. */
  port: number;
  token: string;
  /** Interpreter for Python packages that bring no ENV. */
  python: string | undefined;
  container: ContainerSettings | undefined;
  urlOf(port: number): string;
}

/** What the processor host is told: the same that Local EAS says (core/worker/spec.ts). */
export function workerSpecOf({ task }: Pick<Plan, 'task'>, place: Place): WorkerSpec {
  return {
    service: task.name,
    instance: `${task.name}-test`,
    host: '127.0.0.1',
    port: place.port,
    runDir: join(place.folder, 'run'),
    secret: randomBytes(24).toString('base64url'),
    token: place.token,
    workspace: place.workspace,
    processor: { ...task.processor, python: place.python },
    warmUp: task.warmUpPath && warmUpFile(task.warmUpPath),
    modelEntry: task.modelEntry,
    modelConfig: task.modelConfig,
    serviceConfig: task.serviceConfig,
    // The end of the processor ends the test: it is being looked at, not kept alive.
    limits: { ...task.limits, crashBlock: true },
    properties: task.properties,
    env: {},
    logFile: place.logFile,
    startTimeoutMs: START_TIMEOUT_MS,
    graceMs: task.graceMs,
    container: place.container,
  };
}
