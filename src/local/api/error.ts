/** An error answer of the API: HTTP status, Code and Message (openapi.md section 1). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const invalid = (message: string) => new ApiError(400, 'InvalidParameter', message);
