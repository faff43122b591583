import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { EasError } from '../../core/errors.ts';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import { libraryFolders } from '../libraries.ts';
import type { Launch } from '../supervisor/process.ts';
import { modelEntryPath, PREDICTOR_FOLDER } from '../workspace.ts';
import { classPath, javaPackage } from './class-path.ts';
import hostJar from './host.jar' with { type: 'file' };
import { findJvm, jvmFlags, jvmLocale } from './jvm.ts';

const HOST_CLASS = 'eascmd.ProcessorHost';

/**
 * A JVM that runs our host class with the package on its class path (docs/processors-java.md). `loopbackPort` opens
 * the listener that a JVM without Unix-domain sockets needs.
 */
export async function launchJava(
  spec: WorkerSpec,
  env: Record<string, string | undefined>,
  loopbackPort: () => number,
): Promise<Launch> {
  const { entry, mainClass } = spec.processor;
  const root = await javaPackage(join(spec.workspace, PREDICTOR_FOLDER), entry);
  if (!root) {
    throw new EasError({
      code: 'ProcessorEntryNotFound',
      message: `the processor package has no ${entry || 'files'}`,
      hint: 'processor_entry names the jar in the package, e.g. processor.jar',
    });
  }
  if (!mainClass) {
    throw new EasError({
      code: 'ProcessorMainClassMissing',
      message: 'processor_mainclass is missing: the class of the Java processor',
      hint: 'name it in full, e.g. com.example.MyProcessor',
    });
  }
  const { java, hasUnixSockets } = await findJvm(env);
  // Out of the binary and into a place that a JVM can read.
  const jar = join(spec.runDir, 'host.jar');
  await Bun.write(jar, Bun.file(hostJar));
  const task = join(spec.runDir, 'java-task');
  const modelEntry = await modelEntryPath(spec.workspace, spec.modelEntry);
  // Neither arguments nor the environment: those are decoded by the locale, and short.
  const fields = [spec.limits.workerThreads, mainClass, modelEntry, spec.modelConfig];
  await writeFile(task, fields.join('\0'), { mode: 0o600 });
  const path = [jar, ...(await classPath(root, entry))].join(delimiter);
  const memory = Number(spec.properties.memory) || undefined;
  return {
    command: [java, ...jvmFlags(memory, env), '-cp', path, HOST_CLASS, task],
    cwd: root,
    env: {
      ...env,
      ...jvmLocale(env),
      ...(hasUnixSockets ? {} : { EASCMD_PROCESSOR_PORT: String(loopbackPort()) }),
      LD_LIBRARY_PATH: [...(await libraryFolders(root)), env.LD_LIBRARY_PATH ?? '']
        .filter((folder) => folder !== '')
        .join(':'),
    },
  };
}
