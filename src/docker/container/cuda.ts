import { existsSync, statSync } from 'node:fs';
import { EasError } from '../../core/errors.ts';

/** A path is mounted; a version means the folder where CUDA's installer puts it, if it is there. */
export function cudaFolder(asked: string | undefined): string | undefined {
  if (!asked) return undefined;
  if (/^\d+(\.\d+)?$/.test(asked)) {
    const installed = `/usr/local/cuda-${asked}`;
    return existsSync(installed) ? installed : undefined;
  }
  if (statSync(asked, { throwIfNoEntry: false })?.isDirectory()) return asked;
  throw new EasError({
    code: 'CudaNotFound',
    message: `cuda: there is no folder ${asked} on this machine`,
    hint: 'Name the folder of a CUDA installation, or a version as metadata.cuda.',
  });
}
