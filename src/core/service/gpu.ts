import type { GpuWish } from '../worker/container.ts';

/** What a service description says about GPUs (eascmd.md 3.3, 3.4). */
export interface GpuFields {
  /** `metadata.gpu` */
  gpus: number;
  /** `cuda` at the top: a folder of this machine. */
  cudaFolder: string | undefined;
  /** `metadata.cuda`: a version. */
  cudaVersion: string | undefined;
}

/** `metadata.gpu` and both kinds of `cuda` ask for GPUs; the first that is there decides how many. */
export function gpuWish({ gpus, cudaFolder, cudaVersion }: GpuFields): GpuWish | undefined {
  if (gpus > 0) return { count: Math.ceil(gpus), why: `metadata.gpu is ${gpus}` };
  if (cudaFolder) return { count: 'all', why: `cuda is ${cudaFolder}` };
  if (cudaVersion) return { count: 'all', why: `metadata.cuda is ${cudaVersion}` };
  return undefined;
}
