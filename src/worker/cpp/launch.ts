import { join } from 'node:path';
import { EasError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import type { Launch } from '../supervisor/process.ts';
import { modelEntryPath, packageRoot } from '../workspace.ts';

/** What `eascmd __cpp` reads from its environment, as JSON. */
export interface CppTask {
  library: string;
  /** Absolute (serving.md d.2). */
  modelEntry: string;
  modelConfig: string;
  threads: number;
  /** Leave what `process` returned to the processor, which then must not have allocated it. */
  leakOutput: boolean;
}

/** `eascmd __cpp` in the package's folder, with its libraries in reach. */
export async function launchCpp(
  host: Host,
  spec: WorkerSpec,
  env: Record<string, string | undefined>,
): Promise<Launch> {
  const { entry } = spec.processor;
  const root = await packageRoot(spec.workspace, entry);
  if (!root) {
    throw new EasError({
      code: 'ProcessorEntryNotFound',
      message: `the processor package has no ${entry}`,
      hint: 'processor_entry names the library in the package, e.g. libecho.so',
    });
  }
  const task: CppTask = {
    library: join(root, entry),
    modelEntry: await modelEntryPath(spec.workspace, spec.modelEntry),
    modelConfig: spec.modelConfig,
    threads: spec.limits.workerThreads,
    leakOutput: (spec.properties['rpc.leak_output'] ?? spec.env.EASCMD_LEAK_OUTPUT) === 'true',
  };
  return {
    command: [...host.selfCommand, '__cpp'],
    cwd: root,
    env: {
      ...env,
      EASCMD_CPP_TASK: JSON.stringify(task),
      LD_LIBRARY_PATH: [root, env.LD_LIBRARY_PATH ?? ''].filter((path) => path !== '').join(':'),
    },
  };
}
