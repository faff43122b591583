import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createObjectStoreClient,
  type ObjectStoreClient,
  type ObjectStoreOptions,
} from '../../src/cloud/objects/client.ts';
import type { Credentials } from '../../src/core/target.ts';
import {
  ACCESS_KEY,
  BUCKET,
  type RunningStore,
  type StoreOptions,
  startObjectStore,
} from './object-store.ts';

export const MIB = 1024 * 1024;
const clock = { now: () => 0, random: () => 0, sleep: async () => {} };
const KEYS: Credentials = { accessKeyId: ACCESS_KEY.id, accessKeySecret: ACCESS_KEY.secret };

/** A folder with a file to upload, a real store in front of which faults can stand, and clients that remember uploads. */
export class TransferPlace implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'eascmd-transfer-'));
  readonly path = join(this.dir, 'model.tar.gz');
  readonly recordsDir = join(this.dir, 'home', '.eas', 'uploads');
  /** `PUT 3`, `POST uploads`, `GET list`, … of every request that reached the store's front. */
  readonly log: string[] = [];
  front: StoreOptions['front'];
  store: RunningStore;
  private readonly clients: ObjectStoreClient[] = [];

  constructor() {
    this.store = this.open(0);
  }

  private open(port: number): RunningStore {
    return startObjectStore(join(this.dir, 'store'), {
      port,
      front: (request, store) => {
        if (request.url.endsWith('/_eascmd/status')) return Response.json(this.status(request));
        this.log.push(nameOf(request));
        return this.front ? this.front(request, store) : store();
      },
    });
  }

  /** What the command line asks an address for, to learn that it is a Local EAS. */
  private status(request: Request) {
    const url = new URL(request.url).origin;
    return { apiUrl: url, objectStoreUrl: url, region: 'local', uid: '1234567890123456' };
  }

  /** Arguments that lead the command line here, and the environment that goes with them. */
  get cli(): { flags: string[]; env: Record<string, string> } {
    const flags = ['-e', this.store.url, '-i', ACCESS_KEY.id, '-k', ACCESS_KEY.secret];
    return { flags, env: { PATH: process.env.PATH ?? '', HOME: join(this.dir, 'home') } };
  }

  async restart(): Promise<void> {
    const { port } = this.store;
    await this.store.stop();
    this.store = this.open(port);
  }

  /** Bytes that differ from part to part. */
  fill(sizeBytes: number): Buffer {
    const bytes = Buffer.alloc(sizeBytes);
    for (let at = 0; at + 4 <= sizeBytes; at += 4096) bytes.writeUInt32LE(at + 1, at);
    writeFileSync(this.path, bytes);
    return bytes;
  }

  client(options: ObjectStoreOptions = {}, url = this.store.url, keys = KEYS): ObjectStoreClient {
    const target = { kind: 'local' as const, apiUrl: '', region: 'local', objectStoreUrl: url };
    const client = createObjectStoreClient(target, keys, { clock, recordsDir: this.recordsDir, ...options });
    this.clients.push(client);
    return client;
  }

  upload(signal?: AbortSignal, client = this.client()) {
    return client.upload(this.path, { bucket: BUCKET, key: 'up/模型.tar.gz', signal });
  }

  async stored(): Promise<Buffer> {
    return (await this.store.client().get('up/模型.tar.gz')).content as Buffer;
  }

  partsSent(): string[] {
    return this.log.filter((line) => /^PUT \d/.test(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.clients) client.close();
    await this.store.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function nameOf(request: Request): string {
  const { searchParams } = new URL(request.url);
  const part = searchParams.get('partNumber');
  const what =
    part ?? (searchParams.has('uploads') ? 'uploads' : searchParams.has('uploadId') ? 'upload' : 'object');
  return `${request.method} ${what}`;
}
