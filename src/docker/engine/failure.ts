import { EasError } from '../../core/errors.ts';
import type { EngineAddress } from './address.ts';

/** What dockerode throws: an answer of the engine has a status, anything else a system error code. */
export interface EngineFailure extends Error {
  statusCode?: number;
  code?: string;
  json?: { message?: string };
}

/** The engine's own words, without the status that dockerode puts before them. */
export function reasonOf(error: unknown): string {
  const failure = error as EngineFailure;
  return (failure.json?.message ?? failure.message ?? String(error))
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .trim();
}

export const statusOf = (error: unknown) => (error as EngineFailure).statusCode;

/** No engine answers there: why, and what to do. */
export function unreachable(address: EngineAddress, error: unknown): EasError {
  const { code = '' } = error as EngineFailure;
  const place = address.kind === 'socket' ? address.path : `${address.host}:${address.port}`;
  const instead = 'or use --runtime process, which needs none';
  if (code === 'EACCES' || code === 'EPERM')
    return new EasError({
      code: 'EnginePermission',
      message: `This user may not use the container engine: permission denied on ${place}`,
      hint: `Join the group that owns it (sudo usermod -aG docker $USER, then log in again), ${instead}.`,
      cause: error,
    });
  return new EasError({
    code: 'EngineNotRunning',
    message: `No container engine answers at ${place} (${address.from}): ${saying(code, error)}`,
    hint: `Start Docker or podman's socket, ${instead}.`,
    cause: error,
  });
}

function saying(code: string, error: unknown): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such socket';
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ETIMEDOUT':
      return 'it does not answer in time';
    default:
      return reasonOf(error);
  }
}
