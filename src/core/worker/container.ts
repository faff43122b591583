/**
 * What `eascmd __container` is told besides the spec of the worker that it runs inside a container. It keeps the
 * contract of `__worker` (core/worker/spec.ts): spec and commands in, events out, the end of stdin ends everything.
 */
export interface ContainerSettings {
  /** The default of the processor's type when absent (docs/docker.md). */
  image?: string;
  pull: PullPolicy;
  /** Image with an ENV at /data/eas (serving.md d.5). */
  dataImage?: string;
  /** Cores; a fraction is a share of one. */
  cpu?: number;
  memoryMb?: number;
  /** `metadata.shm_size`, in GB. */
  shmSizeGb?: number;
  gpu?: GpuWish;
  /** Mounted at /usr/local/cuda: a folder of this machine, or a version that is installed here. */
  cuda?: string;
  /** Set on everything that is made in the engine. */
  labels: Record<string, string>;
}

/** Label with the data directory of the Local EAS that a container belongs to. */
export const LOCAL_LABEL = 'eascmd.local';

export type PullPolicy = 'missing' | 'always' | 'never';

/** How many GPUs, or which ones (numbers or UUIDs as nvidia-smi lists them); `why` is what asked for them. */
export interface GpuWish {
  count: number | 'all';
  ids?: string[];
  why: string;
}
