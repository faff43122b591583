/** Codes of the object store's errors with their HTTP status, as the OSS API reference gives them. */
const STATUS = {
  AccessDenied: 403,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  FileAlreadyExists: 409,
  InsufficientStorage: 507,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidObjectName: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
} as const;

export type OssErrorCode = keyof typeof STATUS;

/** A refusal that the client reads as OSS's XML error; `details` become further elements beside Code and Message. */
export class OssError extends Error {
  readonly status: number;

  constructor(
    readonly code: OssErrorCode,
    message: string,
    readonly details: Record<string, string> = {},
  ) {
    super(message);
    this.status = STATUS[code];
  }
}

export const diskFull = () =>
  new OssError('InsufficientStorage', 'The disk of the local object store is full.');
