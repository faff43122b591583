import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { WorkerSpec } from '../core/worker/spec.ts';
import { launchCpp } from './cpp/launch.ts';
import { launchJava } from './java/launch.ts';
import { pythonLauncher } from './python/launch.ts';
import type { Launch } from './supervisor/process.ts';

/** Makes one start of user code from the environment it shall have. */
export type Launcher = (env: Record<string, string | undefined>) => Promise<Launch>;

/** How the spec's processor is started; throws EasError for what this version can't run. */
export function launcherOf(host: Host, spec: WorkerSpec, loopbackPort: () => number): Launcher {
  const { type } = spec.processor;
  if (host.platform === 'win32') {
    throw new EasError({
      code: 'ProcessorsNotSupported',
      message: 'processors do not run on Windows yet',
      hint: 'run eascmd in WSL, or deploy to the cloud',
    });
  }
  switch (type) {
    case 'python':
      return pythonLauncher(spec);
    case 'cpp':
      return (env) => launchCpp(host, spec, env);
    case 'java':
      return (env) => launchJava(spec, env, loopbackPort);
    default:
      throw new EasError({
        code: 'ProcessorTypeNotSupported',
        message: `there are no processors of type ${JSON.stringify(type)}`,
        hint: 'processor_type is cpp, java or python',
      });
  }
}
