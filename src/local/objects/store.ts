import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull } from '../data/disk-full.ts';
import { authenticate, type Gatekeeper } from './auth/authenticate.ts';
import { diskFull, OssError } from './errors.ts';
import { DataFiles } from './files/data.ts';
import { openIndex } from './index/database.ts';
import { Reserve } from './index/reserve.ts';
import { newRequestId, readOssRequest } from './request.ts';
import { routeOf } from './routes.ts';
import { Shelf } from './shelf.ts';
import { xmlDocument } from './xml.ts';

/** The bucket that `eascmd upload` writes to; there from the start. */
export const MODEL_BUCKET = 'eas-model-local';

/**
 * What `Bun.serve` needs beside `fetch`: bodies of any size (its default stops at 128 MB; the store has limits of its own)
 * and minutes of silence in the middle of a slow upload (its default is 10 seconds, 255 its highest).
 */
export const objectStoreServeOptions = {
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  idleTimeout: 255,
} as const;

export interface ObjectStoreOptions extends Gatekeeper {
  /** Holds everything; made when missing. One process at a time. */
  dir: string;
  log: (line: string) => void;
}

export interface ObjectStore {
  fetch(request: Request, server: Bun.Server<unknown>): Promise<Response>;
  /** File that holds the whole object now, or undefined. It never changes; when the object is replaced it stays for ten seconds. */
  objectFile(bucket: string, key: string): { path: string; size: number; etag: string } | undefined;
  /** Objects whose key begins with `prefix`, in byte order. */
  listPrefix(bucket: string, prefix: string): { key: string; path: string; size: number }[];
  close(): void;
}

/** The OSS wire protocol over one directory (docs/object-store.md says what of it, and what not). */
export function openObjectStore(options: ObjectStoreOptions): ObjectStore {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const shelf = new Shelf(
    openIndex(options.dir),
    new DataFiles(join(options.dir, 'data')),
    new Reserve(join(options.dir, 'reserve')),
  );
  const removed = shelf.files.sweep(shelf.objects.files());
  if (removed > 0) options.log(`object store: removed ${removed} unfinished or replaced files`);
  shelf.objects.createBucket(MODEL_BUCKET, Date.now());

  async function fetch(request: Request): Promise<Response> {
    const requestId = newRequestId();
    let response: Response;
    try {
      const oss = readOssRequest(request);
      const nowMs = Date.now();
      authenticate(oss, options, nowMs);
      response = await routeOf(oss)(oss, { shelf, region: options.region, nowMs });
    } catch (error) {
      response = errorReply(error, requestId, request, options.log);
    }
    response.headers.set('x-oss-request-id', requestId);
    response.headers.set('server', 'AliyunOSS');
    return response;
  }

  return {
    fetch,
    objectFile(bucket, key) {
      const object = shelf.objects.object(bucket, key);
      return object && { path: shelf.files.path(object.file), size: object.size, etag: object.etag };
    },
    listPrefix: (bucket, prefix) =>
      shelf.objects
        .range({ bucket, prefix, after: '', limit: -1 })
        .map(({ key, file, size }) => ({ key, path: shelf.files.path(file), size })),
    close: () => shelf.close(),
  };
}

function asOssError(error: unknown): OssError {
  if (error instanceof OssError) return error;
  if (isDiskFull(error)) return diskFull();
  return new OssError('InternalError', 'We encountered an internal error. Please try again.');
}

function errorReply(
  error: unknown,
  requestId: string,
  request: Request,
  log: (line: string) => void,
): Response {
  const known = asOssError(error);
  if (known !== error && !request.signal.aborted)
    log(`object store: ${request.method} failed: ${String(error)}`);
  const headers = { 'content-type': 'application/xml' };
  if (known.status === 304 || request.method === 'HEAD')
    return new Response(null, { status: known.status, headers: { 'x-oss-error-code': known.code } });
  const body = xmlDocument('Error', {
    Code: known.code,
    Message: known.message,
    RequestId: requestId,
    HostId: request.headers.get('host') ?? '',
    ...known.details,
  });
  return new Response(body, { status: known.status, headers });
}
