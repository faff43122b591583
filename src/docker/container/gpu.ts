import type { Container, HostConfig } from 'dockerode';
import { EasError } from '../../core/errors.ts';
import type { GpuWish } from '../../core/worker/container.ts';
import type { EngineInfo } from '../engine/engine.ts';

export interface GpuSettings {
  hostConfig: Pick<HostConfig, 'Runtime' | 'DeviceRequests'>;
  env: string[];
}

const CAPABILITIES = 'compute,utility';

/** With the runtime nvidia when the engine has it, else as a device request; nothing when no GPU is wanted. */
export function gpuSettings(wish: GpuWish | undefined, info: EngineInfo): GpuSettings {
  if (!wish) return { hostConfig: {}, env: [] };
  if (info.runtimes.includes('nvidia'))
    return {
      hostConfig: { Runtime: 'nvidia' },
      env: [`NVIDIA_VISIBLE_DEVICES=${visible(wish)}`, `NVIDIA_DRIVER_CAPABILITIES=${CAPABILITIES}`],
    };
  return {
    hostConfig: {
      DeviceRequests: [
        {
          Driver: '',
          Capabilities: [['gpu', ...CAPABILITIES.split(',')]],
          ...(wish.ids ? { DeviceIDs: wish.ids } : { Count: wish.count === 'all' ? -1 : wish.count }),
        },
      ],
    },
    env: [],
  };
}

function visible({ count, ids }: GpuWish): string {
  if (ids) return ids.join(',');
  return count === 'all' ? 'all' : Array.from({ length: count }, (_, index) => index).join(',');
}

/** Podman 4 takes a request for GPUs and forgets it: then the container must not run as if it had them. */
export async function refuseWithoutGpu(container: Container, wish: GpuWish): Promise<void> {
  const { HostConfig: made } = await container.inspect();
  if (made.Runtime === 'nvidia' || made.DeviceRequests?.length || made.Devices?.length) return;
  throw gpuMissing(wish, 'it took the request and left it out, as podman does');
}

/** The engine refused the GPU that was asked for. */
export function gpuMissing(wish: GpuWish, reason: string): EasError {
  return new EasError({
    code: 'GpuNotAvailable',
    message: `The container engine can't give the container a GPU (${wish.why}): ${reason}`,
    hint: 'Install the NVIDIA driver and the NVIDIA Container Toolkit, run `sudo nvidia-ctk runtime configure --runtime=docker`, restart Docker; or set metadata.gpu to 0.',
  });
}

export const isGpuRefusal = (reason: string) =>
  /could not select device driver|nvidia-container|unknown or invalid runtime name: nvidia|unresolvable CDI|libnvidia/i.test(
    reason,
  );
