import { type EasError, usageError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { gpuWish } from '../../core/service/gpu.ts';
import type { ProcessorTask } from '../../core/service/task.ts';
import type { ContainerSettings, GpuWish } from '../../core/worker/container.ts';
import type { Runtime, TestOptions } from './options.ts';

/** An engine that takes longer to say hello is not used unless it was asked for. */
const ANSWER_MS = 1_500;

/**
 * The runtime that was asked for, else docker where an engine answers and process where none does. An engine that is
 * there and can't be used is told to `note`.
 */
export async function chooseRuntime(
  host: Host,
  options: TestOptions,
  note: (line: string) => void,
): Promise<Runtime> {
  if (options.runtime) return options.runtime;
  const { findEngine } = await import('../../docker/engine/engine.ts');
  return findEngine(host, ANSWER_MS).then(
    () => 'docker',
    (error: EasError) => {
      const isAbsent = (error.cause as { code?: string } | undefined)?.code === 'ENOENT';
      if (!isAbsent || host.env.DOCKER_HOST || host.env.DOCKER_CONTEXT)
        note(`[WARN] ${error.message}; the processor runs as a plain process`);
      return 'process';
    },
  );
}

/** What the container of a test is, by the options and the description. */
export function containerSettings(options: TestOptions, task: ProcessorTask): ContainerSettings {
  return {
    image: options.image,
    pull: options.pull,
    dataImage: task.dataImage,
    cpu: task.cpu,
    memoryMb: task.memoryMb,
    shmSizeGb: task.shmSizeGb,
    gpu: gpuOf(options, task),
    cuda: task.cudaFolder ?? task.cudaVersion,
    labels: {},
  };
}

/** `--gpus` goes before what the description asks for. */
export function gpuOf({ gpus }: Pick<TestOptions, 'gpus'>, task: ProcessorTask): GpuWish | undefined {
  return gpus === undefined ? gpuWish(task) : parseGpus(gpus);
}

function parseGpus(text: string): GpuWish | undefined {
  const why = `--gpus ${text}`;
  if (text === '0') return undefined;
  if (text === 'all') return { count: 'all', why };
  if (/^\d+$/.test(text)) return { count: Number(text), why };
  const ids = /^(?:device=)?((?:\d+|GPU-[\w-]+)(?:,(?:\d+|GPU-[\w-]+))*)$/.exec(text)?.[1]?.split(',');
  if (ids) return { count: ids.length, ids, why };
  throw usageError(
    'UnknownValue',
    `--gpus ${JSON.stringify(text)} is unknown`,
    'use a count, all, or device=0,1',
  );
}
