import { EasError } from '../../core/errors.ts';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import { reasonOf } from '../engine/failure.ts';
import { gpuMissing, isGpuRefusal } from './gpu.ts';

/** The engine would not create or start the container: what that means for people. */
export function notStarted(error: unknown, spec: WorkerSpec, image: string): EasError {
  if (error instanceof EasError) return error;
  const reason = reasonOf(error);
  const gpu = spec.container?.gpu;
  if (gpu && isGpuRefusal(reason)) return gpuMissing(gpu, reason);
  if (/port is already allocated|address already in use|ports are not available/i.test(reason))
    return new EasError({
      code: 'PortTaken',
      message: `the instance can't listen on ${spec.host}:${spec.port}: the port is taken`,
      hint: 'free the port, or name another one with --port',
      cause: error,
    });
  if (/bind source path does not exist/i.test(reason))
    return new EasError({
      code: 'EngineElsewhere',
      message: `The container engine doesn't see the files of this machine: ${reason}`,
      hint: 'Use an engine that runs here (see DOCKER_HOST and docker context ls), or --runtime process.',
      cause: error,
    });
  if (
    /exec \S*eascmd: (no such file|exec format)|no such file or directory.*eascmd|eascmd.*no such file/i.test(
      reason,
    )
  )
    return notRunnable(image, reason, error);
  return new EasError({
    code: 'ContainerNotStarted',
    message: `The container of image ${image} can't be started: ${reason}`,
    hint: 'Try the image by hand with docker run, or name another one with --image.',
    cause: error,
  });
}

/** The program inside can't even be executed: no glibc, or another kind of processor. */
export function notRunnable(image: string, reason: string, cause?: unknown): EasError {
  return new EasError({
    code: 'ImageNotUsable',
    message: `The processor host can't run in the image ${image}: ${reason}`,
    hint: 'An image with glibc 2.17 or newer is needed, for this kind of machine; Alpine has another libc.',
    cause,
  });
}

/** The container ended though nobody asked it to. */
export function endedByItself(code: number, isOutOfMemory: boolean, spec: WorkerSpec): EasError {
  const limit = spec.container?.memoryMb;
  if (isOutOfMemory || (code === 137 && limit !== undefined))
    return new EasError({
      code: 'OutOfMemory',
      // Podman tells nobody why; somebody may also have killed it by hand.
      message: `the container was killed${isOutOfMemory ? ' because' : ', as happens when'} memory ran out${limit === undefined ? '' : ` (metadata.memory is ${limit} MB)`}`,
      hint: 'Give it more with metadata.memory; the processor host itself needs about 30 MB.',
    });
  return new EasError({
    code: 'ContainerEnded',
    message: `the container ended with code ${code}`,
    hint: 'its log says why, if anything does',
  });
}
