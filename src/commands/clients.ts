import { join } from 'node:path';
import type { ObjectStoreClient } from '../cloud/objects/client.ts';
import type { PredictClient } from '../cloud/predict/client.ts';
import { type GlobalFlags, loadSettings, type Settings } from '../config/settings.ts';
import type { Host } from '../core/host.ts';
import type { EasApi } from '../core/service/api.ts';
import type { Target } from '../core/target.ts';
import { dataDirOf } from './local/directory.ts';

/** Settings and the clients that go with them, each made when it is first asked for. */
export interface Clients {
  flags: GlobalFlags;
  settings(): Promise<Settings>;
  target(): Promise<Target>;
  api(): Promise<EasApi>;
  objectStore(endpoint: string): Promise<ObjectStoreClient>;
  /** Number of the account that the credentials belong to; `isInside` asks where a VPC without internet can. */
  uid(isInside: boolean): Promise<string>;
  predictor(): Promise<PredictClient>;
  /** Releases sockets. */
  close(): void;
}

export interface ClientsOptions {
  host: Host;
  flags: GlobalFlags;
  /** A line for people on stderr. */
  note: (line: string) => void;
  isDebug: boolean;
  signal: AbortSignal;
  /** `-e local` while nothing runs there: start it, take it for granted (a dry run), or fail. */
  whenLocalIsDown: 'start' | 'imagine' | 'fail';
}

export function createClients(options: ClientsOptions): Clients {
  return new LazyClients(options);
}

class LazyClients implements Clients {
  readonly flags: GlobalFlags;
  private readonly closers: (() => void)[] = [];
  private loadedSettings: Promise<Settings> | undefined;
  private openApi: Promise<EasApi> | undefined;

  constructor(private readonly options: ClientsOptions) {
    this.flags = options.flags;
  }

  settings(): Promise<Settings> {
    this.loadedSettings ??= this.loadSettings();
    return this.loadedSettings;
  }

  async target(): Promise<Target> {
    return (await this.settings()).target();
  }

  api(): Promise<EasApi> {
    this.openApi ??= this.connect();
    return this.openApi;
  }

  async objectStore(endpoint: string): Promise<ObjectStoreClient> {
    const [settings, { createObjectStoreClient }] = await Promise.all([
      this.settings(),
      import('../cloud/objects/client.ts'),
    ]);
    const network = await settings.network();
    const store = createObjectStoreClient(await settings.target(), await settings.credentials(), {
      network,
      objectStoreUrl: endpoint,
      recordsDir: this.options.host.homeDir ? join(this.options.host.homeDir, '.eas', 'uploads') : undefined,
      // Whatever gave the token may have a newer one by now.
      renewCredentials: async () => (await this.loadSettings()).credentials(),
    });
    this.closers.push(() => store.close());
    return store;
  }

  async uid(isInside: boolean): Promise<string> {
    const settings = await this.settings();
    const known = await settings.localUid();
    if (known) return known;
    const { callerUid } = await import('../cloud/caller-uid.ts');
    const { signal } = this.options;
    const { region } = await settings.target();
    return callerUid(await settings.credentials(), {
      network: await settings.network(),
      signal,
      stsUrl: isInside ? `https://sts-vpc.${region}.aliyuncs.com` : undefined,
    });
  }

  async predictor(): Promise<PredictClient> {
    const [settings, { createPredictClient }] = await Promise.all([
      this.settings(),
      import('../cloud/predict/client.ts'),
    ]);
    const client = createPredictClient({ network: await settings.network() });
    this.closers.push(() => void client.close());
    return client;
  }

  close(): void {
    for (const close of this.closers) close();
  }

  private async connect(): Promise<EasApi> {
    const { isDebug, note, signal } = this.options;
    const [settings, { createEasApi }] = await Promise.all([
      this.settings(),
      import('../cloud/api/client.ts'),
    ]);
    const target = await settings.target();
    const network = await settings.network();
    const api = createEasApi(target, await settings.credentials(), { network, signal });
    this.closers.push(() => api.close());
    if (!isDebug) return api;
    note(`[DEBUG] target ${target.apiUrl} (${target.kind}, region ${target.region})`);
    const { traced } = await import('./tracing.ts');
    return traced(api, note);
  }

  private async loadSettings(): Promise<Settings> {
    const { host, note, whenLocalIsDown } = this.options;
    const local = () => import('./local/ensure.ts');
    const settings = await loadSettings({
      host,
      flags: this.flags,
      ensureLocal: async () => {
        const { ensureLocal } = await local();
        const { python } = settings;
        return ensureLocal({ host, dataDir: dataDirOf(settings), python, note, whenLocalIsDown });
      },
      readLocalCredentials: async (dataDir) => (await local()).credentialsOf(dataDir),
    });
    for (const warning of settings.warnings) note(`[WARN] ${warning}`);
    return settings;
  }
}
