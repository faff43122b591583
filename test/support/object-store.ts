import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { type ObjectStore, objectStoreServeOptions, openObjectStore } from '../../src/local/objects/index.ts';

export const ACCESS_KEY = { id: 'testKeyId', secret: 'test+Secret/Key' };
export const BUCKET = 'eas-model-local';

export interface RunningStore {
  dir: string;
  port: number;
  url: string;
  store: ObjectStore;
  logs: string[];
  /** An ali-oss client of BUCKET. */
  client(options?: Partial<OSS.Options>): OSS;
  stop(): Promise<void>;
}

export interface StoreOptions {
  port?: number;
  /** Stands before the store: answers itself, or lets the store answer and may change that. */
  front?: (request: Request, store: () => Promise<Response>) => Promise<Response> | Response;
}

/** A store on port 0; without `dir` in a temporary directory that `stop` removes. */
export function startObjectStore(dir?: string, { port = 0, front }: StoreOptions = {}): RunningStore {
  const root = dir ?? mkdtempSync(join(tmpdir(), 'eascmd-objects-'));
  const logs: string[] = [];
  const store = openObjectStore({
    dir: root,
    region: 'local',
    lookupSecret: (id) => (id === ACCESS_KEY.id ? ACCESS_KEY.secret : undefined),
    log: (line) => logs.push(line),
  });
  const server = Bun.serve({
    ...objectStoreServeOptions,
    port,
    hostname: '127.0.0.1',
    fetch: (request, server) =>
      front ? front(request, () => store.fetch(request, server)) : store.fetch(request, server),
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    dir: root,
    port: server.port!,
    url,
    store,
    logs,
    client: (options) =>
      new OSS({
        endpoint: url,
        region: 'oss-local',
        bucket: BUCKET,
        accessKeyId: ACCESS_KEY.id,
        accessKeySecret: ACCESS_KEY.secret,
        refreshSTSTokenInterval: 3_600_000,
        refreshSTSToken: () => Promise.reject(new Error('no token is refreshed in a test')),
        ...options,
      }),
    stop: async () => {
      await server.stop(true);
      store.close();
      if (dir === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
