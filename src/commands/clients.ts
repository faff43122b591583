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
  /** Number of the account that the credentials belong to. */
  uid(): Promise<string>;
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
}

export function createClients(options: ClientsOptions): Clients {
  return new LazyClients(options);
}

class LazyClients implements Clients {
  readonly flags: GlobalFlags;
  private readonly closers: (() => void)[] = [];
  private loaded: Promise<Settings> | undefined;

  constructor(private readonly options: ClientsOptions) {
    this.flags = options.flags;
  }

  settings(): Promise<Settings> {
    this.loaded ??= this.load();
    return this.loaded;
  }

  api(): Promise<EasApi> {
    throw new Error('soon');
  }

  async target(): Promise<Target> {
    return (await this.settings()).target();
  }

  close(): void {
    for (const close of this.closers) close();
  }

  private async load(): Promise<Settings> {
    const { host, note } = this.options;
    const settings = await loadSettings({
      host,
      flags: this.flags,
      ensureLocal: async () => {
        const { ensureLocal } = await import('./local/ensure.ts');
        return ensureLocal({ host, dataDir: dataDirOf(settings), python: settings.python, note });
      },
      readLocalCredentials: async (dataDir) => (await import('./local/ensure.ts')).credentialsOf(dataDir),
    });
    for (const warning of settings.warnings) note(`[WARN] ${warning}`);
    return settings;
  }
}
