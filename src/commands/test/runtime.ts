import { existsSync, statSync } from 'node:fs';
import { usageError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { ProcessorTask } from '../../core/service/task.ts';
import type { ContainerSettings, GpuWish } from '../../core/worker/container.ts';
import type { Runtime, TestOptions } from './options.ts';

/** An engine that takes longer to say hello is not used unless it was asked for. */
const ANSWER_MS = 1_500;

/** The runtime that was asked for, else docker where an engine answers and process where none does. */
export async function chooseRuntime(host: Host, options: TestOptions): Promise<Runtime> {
  if (options.runtime) return options.runtime;
  const { connectEngine } = await import('../../docker/engine/engine.ts');
  return connectEngine(host, ANSWER_MS).then(
    () => 'docker',
    () => 'process',
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
    gpu: gpuWish(options, task),
    cudaFolder: cudaFolder(task),
    labels: {},
  };
}

/** `--gpus`, `metadata.gpu` and `cuda` each ask for GPUs; the first that is there decides how many. */
export function gpuWish({ gpus }: Pick<TestOptions, 'gpus'>, task: ProcessorTask): GpuWish | undefined {
  if (gpus !== undefined) return parseGpus(gpus);
  if (task.gpus > 0) return { count: task.gpus, why: `metadata.gpu is ${task.gpus}` };
  if (task.cudaFolder) return { count: 'all', why: `cuda is ${task.cudaFolder}` };
  if (task.cudaVersion) return { count: 'all', why: `metadata.cuda is ${task.cudaVersion}` };
  return undefined;
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

/** A path is mounted; a version means the folder where CUDA's installer puts it, if it is there. */
function cudaFolder({ cudaFolder: given, cudaVersion }: ProcessorTask): string | undefined {
  const asked = given ?? cudaVersion;
  if (!asked) return undefined;
  if (/^\d+(\.\d+)?$/.test(asked)) {
    const installed = `/usr/local/cuda-${asked}`;
    return existsSync(installed) ? installed : undefined;
  }
  if (statSync(asked, { throwIfNoEntry: false })?.isDirectory()) return asked;
  throw usageError(
    'InvalidField',
    `cuda: there is no folder ${asked} on this machine`,
    'name a CUDA folder or version',
  );
}
