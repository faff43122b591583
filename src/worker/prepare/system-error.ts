/** A full disk or a missing right is no fault of the package. */
export function isSystemError(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EACCES' || code === 'EDQUOT' || code === 'EROFS';
}
