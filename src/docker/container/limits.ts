import type { HostConfig } from 'dockerode';
import type { ContainerSettings } from '../../core/worker/container.ts';
import type { EngineInfo } from '../engine/engine.ts';

const MIB = 1024 * 1024;

/** cpu, memory and shm_size as limits of a container. More cores than the engine has would be refused: all of them then. */
export function limitsOf(
  { cpu, memoryMb, shmSizeGb }: ContainerSettings,
  { cpus }: EngineInfo,
): Pick<HostConfig, 'NanoCpus' | 'Memory' | 'MemorySwap' | 'ShmSize'> {
  const cores = cpu === undefined || cpus === 0 ? cpu : Math.min(cpu, cpus);
  return {
    ...(cores !== undefined && { NanoCpus: Math.round(cores * 1e9) }),
    // Equal limits mean no swap: memory that runs out is seen as such, not as a machine that crawls.
    ...(memoryMb !== undefined && { Memory: memoryMb * MIB, MemorySwap: memoryMb * MIB }),
    ...(shmSizeGb !== undefined && shmSizeGb > 0 && { ShmSize: Math.round(shmSizeGb * 1024 * MIB) }),
  };
}
