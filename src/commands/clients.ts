import type { GlobalFlags, Settings } from '../config/settings.ts';
import type { EasApi } from '../core/service/api.ts';
import type { Credentials, Target } from '../core/target.ts';
import type { Host } from '../core/host.ts';

/** Settings and the clients that go with them, each made when it is first asked for. */
export interface Clients {
  flags: GlobalFlags;
  settings(): Promise<Settings>;
  target(): Promise<Target>;
  api(): Promise<EasApi>;
  /** Services of a Local EAS that runs, whatever the configured target is. */
  countServices(local: { apiUrl: string; region: string; objectStoreUrl: string }, credentials: Credentials): Promise<number>;
  close(): void;
}
