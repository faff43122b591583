import type { ServiceRow } from '../state/services.ts';
import type { State } from '../state/state.ts';
import type { Config } from './spec.ts';

/** Sets the number of instances in the service, its JSON and its current version; existing instances stay. */
export function resize(state: State, row: ServiceRow, instances: number): void {
  const config = JSON.parse(row.config) as Config;
  const text = JSON.stringify({
    ...config,
    metadata: { ...(config.metadata as Config), instance: instances },
  });
  const status = row.desired === 'running' ? { status: 'Scaling', message: 'Service is now scaling' } : {};
  state.services.change(row.id, { config: text, instances, ...status }, true);
  state.versions.setConfig(row.id, row.current_version, text);
}
