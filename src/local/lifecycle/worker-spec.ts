import { join } from 'node:path';
import { gpuWish } from '../../core/service/gpu.ts';
import { LOCAL_LABEL } from '../../core/worker/container.ts';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import { warmUpFile } from '../../core/worker/warm-up.ts';
import type { ServiceSpec } from '../service/spec.ts';
import type { ContainerChoice, LifecycleSettings } from './settings.ts';

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
    warmUp: service.warmUpPath && warmUpFile(service.warmUpPath),
    modelEntry: service.modelEntry,
    modelConfig: service.modelConfig,
    serviceConfig: service.serviceConfig,
    limits: service.limits,
    properties: service.properties,
    env: {},
    logFile: join(settings.logsDir, service.name, `${instance.name}.log`),
    startTimeoutMs: settings.startTimeoutMs,
    graceMs: service.graceMs,
    ...(settings.containers && inContainer(settings.containers, service)),
  };
}

/** The gateway reaches into a container by TCP. */
function inContainer(
  { image, owner }: ContainerChoice,
  { cpu, gpu, memoryMb, dataImage, cudaFolder, properties }: ServiceSpec,
): Pick<WorkerSpec, 'linkPort' | 'container'> {
  return {
    linkPort: 0,
    container: {
      image,
      pull: 'missing',
      dataImage,
      cpu,
      memoryMb,
      shmSizeGb: Number(properties.shm_size ?? 0),
      gpu: gpuWish({ gpus: gpu, cudaFolder, cudaVersion: properties.cuda }),
      cuda: cudaFolder ?? properties.cuda,
      labels: { [LOCAL_LABEL]: owner },
    },
  };
}
