const CODES = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'];

/** Whether a file or a database could not be written for want of room. */
export function isDiskFull(error: unknown): boolean {
  return CODES.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
