import type { Context } from '../../cli/context.ts';
import type { ProcessorTask } from '../../core/service/task.ts';
import type { ContainerSettings } from '../../core/worker/container.ts';
import type { Runtime, TestOptions } from './options.ts';

/** The runtime that was asked for, else docker where an engine answers. */
export async function chooseRuntime(
  _context: Context,
  options: TestOptions,
  _task: ProcessorTask,
): Promise<Runtime> {
  return options.runtime ?? 'process';
}

export function settingsFor(options: TestOptions, task: ProcessorTask): ContainerSettings {
  return {
    image: options.image,
    pull: options.pull,
    dataImage: task.dataImage,
    cpu: task.cpu,
    memoryMb: task.memoryMb,
    shmSizeGb: task.shmSizeGb,
    cudaFolder: task.cudaFolder,
    labels: {},
  };
}
