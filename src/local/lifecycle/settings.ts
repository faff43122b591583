import type { Backoff } from '../instances/backoff.ts';
import type { Packages } from '../packages/packages.ts';
import type { Launcher } from '../process/launcher.ts';
import type { ResourceGroups } from '../resources/groups.ts';
import type { State } from '../state/state.ts';

/** What the lifecycle needs of the gateway: take an instance out of traffic, tell when nothing is in flight there. */
export interface Traffic {
  retire(instance: string, graceMs: number): Promise<void>;
}

export interface ContainerChoice {
  image: string | undefined;
  /** The data directory, which stands on the containers' labels. */
  owner: string;
}

/** Everything a service's lifecycle works with. */
export interface LifecycleSettings {
  state: State;
  launcher: Launcher;
  packages: Packages;
  resources: ResourceGroups;
  traffic: Traffic;
  /** Folder for sockets: short path, mode 0700. */
  runDir: string;
  logsDir: string;
  /** Address instances listen on. */
  host: string;
  /** Interpreter for Python packages that bring no ENV. */
  python: string | undefined;
  /** Each instance in a container, of that image or the default of its processor; processes when undefined. */
  containers: ContainerChoice | undefined;
  backoff: Backoff;
  startTimeoutMs: number;
  log(line: string): void;
}
