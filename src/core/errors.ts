/**
 * Every failure a user can meet, as data: a code, one line of what happened, one line of what to do next,
 * and an exit code. The exit codes are a promise (docs/exit-codes.md, design.md section 4).
 */

export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  credentials: 4,
  stillInProgress: 8,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface EasErrorFields {
  /** Stable upper-camel or dotted code: the API's own `Code` when there is one, else ours. */
  code: string;
  /** What happened, naming the thing and the place; one line, no trailing period needed. */
  message: string;
  /** What to do next; one line. */
  hint?: string;
  exit?: ExitCode;
  /** RequestId of the API call that failed. */
  requestId?: string;
  /** HTTP status of the API call that failed. */
  status?: number;
  /** Further lines shown under the message, such as the last log lines of a failing instance. */
  detail?: string[];
  cause?: unknown;
}

/** A failure meant for people. Anything else that is thrown is our bug (exit 70). */
export class EasError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly detail: string[];

  constructor(fields: EasErrorFields) {
    super(fields.message, { cause: fields.cause });
    this.name = 'EasError';
    this.code = fields.code;
    this.hint = fields.hint;
    this.exit = fields.exit ?? ExitCode.failed;
    this.requestId = fields.requestId;
    this.status = fields.status;
    this.detail = fields.detail ?? [];
  }
}

/** Wrong usage or input: exit 2. */
export function usageError(code: string, message: string, hint?: string, detail?: string[]): EasError {
  return new EasError({ code, message, hint, detail, exit: ExitCode.usage });
}

/** Missing or refused credentials: exit 4. */
export function credentialsError(code: string, message: string, hint?: string): EasError {
  return new EasError({ code, message, hint, exit: ExitCode.credentials });
}
