import { join } from 'node:path';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import type { ServiceSpec } from '../service/spec.ts';
import type { LifecycleSettings } from './settings.ts';

/** What a worker process is told; the instance adds its secret. */
export function workerSpec(
  settings: LifecycleSettings,
  service: ServiceSpec,
  instance: { name: string; version: number; slot: number; token: string },
): WorkerSpec {
  return {
    service: service.name,
    instance: instance.name,
    host: settings.host,
    port: 0,
    runDir: join(settings.runDir, String(instance.slot)),
    secret: '',
    token: instance.token,
    workspace: settings.packages.workspace(service.name, instance.version),
    processor: { ...service.processor, python: settings.python },
    modelEntry: service.modelEntry,
    modelConfig: service.modelConfig,
    limits: service.limits,
    properties: service.properties,
    env: {},
    logFile: join(settings.logsDir, service.name, `${instance.name}.log`),
    startTimeoutMs: settings.startTimeoutMs,
    graceMs: service.graceMs,
  };
}
