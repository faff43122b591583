import type { Host } from '../core/host.ts';
import type { EasApi } from '../core/service/api.ts';
import type { Target } from '../core/target.ts';

export interface Clients {
  target(): Promise<Target>;
  api(): Promise<EasApi>;
  close(): void;
}
export function createClients(_o: {
  host: Host;
  globals: Record<string, unknown>;
  note: (line: string) => void;
  isDebug: boolean;
}): Clients {
  throw new Error('no');
}
