import { Crc64 } from '../../src/core/checksum/crc64.ts';

export interface FakeOss {
  url: string;
  /** Whole objects by `bucket/key`. */
  objects: Map<string, Uint8Array>;
  /** Uploads begun and neither completed nor aborted. */
  openUploads: Set<string>;
  /** `METHOD path?query` of every request, with the Authorization's first word in front. */
  log: string[];
  headers: Record<string, string>[];
  stop(): void;
}

export interface Faults {
  /** Answers instead of the store when it returns something. */
  intercept?: (request: {
    method: string;
    part: number;
    count: number;
    headers: Headers;
  }) => Response | Promise<Response> | undefined;
  /** What the store claims to have received. */
  crc?: string;
}

const xml = (body: string, status = 200) =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>${body}`, {
    status,
    headers: { 'content-type': 'application/xml' },
  });

export const ossError = (code: string, status: number) =>
  xml(
    `<Error><Code>${code}</Code><Message>about ${code}</Message><RequestId>RID-OSS</RequestId></Error>`,
    status,
  );

/** As much of OSS as an upload needs, in memory: put, the four steps of multipart, delete. The bucket is in the Host. */
export function startOss(faults: Faults = {}, tls?: { cert: string; key: string }): FakeOss {
  const parts = new Map<string, Map<number, Uint8Array>>();
  const oss: FakeOss = {
    url: '',
    objects: new Map(),
    openUploads: new Set(),
    log: [],
    headers: [],
    stop: () => {},
  };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    tls,
    maxRequestBodySize: 64 * 1024 * 1024,
    async fetch(request) {
      const url = new URL(request.url);
      const bucket = (request.headers.get('host') ?? '').split('.')[0];
      const name = `${bucket}${decodeURIComponent(url.pathname)}`;
      const body = await request.bytes();
      oss.log.push(
        `${request.headers.get('authorization')?.split(' ')[0]} ${request.method} ${url.pathname}${url.search}`,
      );
      oss.headers.push(Object.fromEntries(request.headers));
      const part = Number(url.searchParams.get('partNumber') ?? 0);
      const injected = await faults.intercept?.({
        method: request.method,
        part,
        count: oss.log.length,
        headers: request.headers,
      });
      if (injected) return injected;
      const uploadId = url.searchParams.get('uploadId');
      if (request.method === 'POST' && url.searchParams.has('uploads')) {
        const id = `U${parts.size}`;
        parts.set(id, new Map());
        oss.openUploads.add(id);
        return xml(
          `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>k</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      if (request.method === 'PUT' && uploadId) {
        parts.get(uploadId)!.set(part, body);
        return new Response(null, { headers: { etag: `"${part}"` } });
      }
      if (request.method === 'DELETE') {
        if (uploadId) oss.openUploads.delete(uploadId);
        else oss.objects.delete(name);
        return new Response(null, { status: 204 });
      }
      const whole = uploadId ? join(parts.get(uploadId)!, new TextDecoder().decode(body)) : body;
      if (uploadId) oss.openUploads.delete(uploadId);
      oss.objects.set(name, whole);
      const headers = {
        etag: '"E"',
        'x-oss-hash-crc64ecma': faults.crc ?? new Crc64().update(whole).toString(),
      };
      return uploadId
        ? new Response('<CompleteMultipartUploadResult/>', {
            headers: { ...headers, 'content-type': 'application/xml' },
          })
        : new Response(null, { headers });
    },
  });
  oss.url = `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}`;
  oss.stop = () => void server.stop(true);
  return oss;
}

/** The parts named in the completion, in its order. */
function join(parts: Map<number, Uint8Array>, completion: string): Uint8Array {
  const numbers = [...completion.matchAll(/<PartNumber>(\d+)</g)].map((match) => Number(match[1]));
  return Buffer.concat(numbers.map((number) => parts.get(number)!));
}
