import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

export interface RegistryOptions {
  /** `user:password` that is asked for; nobody is asked without. */
  login?: string;
  /** Layers are announced, begun and never finished. */
  isStuck?: boolean;
}

/** A registry (Docker's HTTP API V2) on 127.0.0.1 that has one image, whatever it is called: engines take those without TLS. */
export class Registry implements Disposable {
  /** Method and path of each request that was let in. */
  readonly asked: string[] = [];
  private readonly blobs = new Map<string, Uint8Array>();
  private readonly manifest: Uint8Array;
  private readonly server;

  /** `layer`: a tar archive of the image's root. */
  constructor(
    layer: Uint8Array,
    private readonly options: RegistryOptions = {},
  ) {
    const packed = Bun.gzipSync(layer as Uint8Array<ArrayBuffer>, { level: 1 });
    const config = Buffer.from(
      JSON.stringify({
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config: { Env: ['PATH=/usr/bin:/bin'] },
        rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      }),
    );
    for (const blob of [packed, config]) this.blobs.set(digestOf(blob), blob);
    const described = (mediaType: string, blob: Uint8Array) => ({
      mediaType,
      size: blob.byteLength,
      digest: digestOf(blob),
    });
    this.manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: described(CONFIG, config),
        layers: [described(LAYER, packed)],
      }),
    );
    this.server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      idleTimeout: 0,
      fetch: (request) => this.answer(request),
    });
  }

  /** `127.0.0.1:<port>/<name>` */
  image(name: string): string {
    return `127.0.0.1:${this.server.port}/${name}`;
  }

  [Symbol.dispose](): void {
    void this.server.stop(true);
  }

  private answer(request: Request): Response {
    const { login, isStuck } = this.options;
    const basic = login && `Basic ${Buffer.from(login).toString('base64')}`;
    if (basic && request.headers.get('authorization') !== basic)
      return new Response('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}', {
        status: 401,
        headers: { 'WWW-Authenticate': 'Basic realm="test"', 'Content-Type': 'application/json' },
      });
    const { pathname } = new URL(request.url);
    this.asked.push(`${request.method} ${pathname}`);
    if (pathname === '/v2/') return Response.json({});
    const [, kind, reference = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
    const blob = this.blobs.get(reference);
    if (kind === 'manifests')
      return new Response(request.method === 'HEAD' ? null : (this.manifest as Uint8Array<ArrayBuffer>), {
        headers: {
          'Content-Type': MANIFEST,
          'Content-Length': String(this.manifest.byteLength),
          'Docker-Content-Digest': digestOf(this.manifest),
        },
      });
    if (kind !== 'blobs' || !blob) return new Response('{}', { status: 404 });
    if (isStuck && blob.byteLength > 100_000)
      return new Response(new ReadableStream({ start: (out) => out.enqueue(blob.subarray(0, 50_000)) }), {
        headers: { 'Content-Length': String(blob.byteLength) },
      });
    return new Response(blob as Uint8Array<ArrayBuffer>);
  }
}

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * A root that is just enough for our host and for `libraries`, as a tar archive: what they are linked to and the shell,
 * of this very machine. `also` is added as it is, by its path inside.
 */
export function smallRoot(libraries: string[], also: Record<string, string> = {}): Uint8Array {
  const needed = new Set(['/bin/sh']);
  for (const file of ['/bin/sh', process.execPath, ...libraries])
    for (const [path] of Bun.spawnSync(['ldd', file])
      .stdout.toString()
      .matchAll(/\/\S*\.so\S*/g))
      if (!libraries.includes(path)) needed.add(path);
  const folder = mkdtempSync(join(tmpdir(), 'root-'));
  const place = (path: string) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    return join(folder, path);
  };
  try {
    for (const path of needed) copyFileSync(realpathSync(path), place(path));
    for (const [path, text] of Object.entries(also)) writeFileSync(place(path), text);
    mkdirSync(join(folder, 'tmp'));
    return execFileSync('tar', ['-c', '-C', folder, '.'], { maxBuffer: 512 * 1024 ** 2 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
