import { shares } from '../release/pair.ts';
import type { State } from '../state/state.ts';
import type { Lifecycle } from './lifecycle.ts';

/** One ready instance as the gateway reaches it (contract with local/gateway). */
interface Backend {
  instance: string;
  link: string;
  secret: string;
}

interface Route {
  service: string;
  token: string;
  backends: Backend[];
}

interface Alternative {
  route: Route;
  weight: number;
}

/** Who answers for a service, at hand for every request and computed again only after a change. */
export class ServiceRoutes {
  private readonly known = new Map<string, Route>();
  private readonly shared = new Map<string, Alternative[] | undefined>();

  constructor(
    private readonly state: State,
    private readonly lifecycle: () => Lifecycle,
  ) {}

  /** Undefined when there is no such service, or it only answers at the entrance of its pair. */
  find(service: string): Route | undefined {
    const known = this.known.get(service);
    if (known) return known;
    const row = this.state.services.byName(service);
    const entranceToken = this.state.entrances.tokenOf(service);
    const isClosed = row?.entrance != null && row.has_own_endpoint === 0 && row.entrance !== service;
    if (entranceToken === undefined && (!row || isClosed)) return undefined;
    const route = {
      service,
      token: entranceToken ?? row!.token,
      backends: row ? this.backends(row.id) : [],
    };
    this.known.set(service, route);
    return route;
  }

  /** The services that share a blue-green entrance, by weight; undefined for any other path. */
  alternatives(service: string): Alternative[] | undefined {
    if (this.shared.has(service)) return this.shared.get(service);
    const isEntrance = this.state.entrances.tokenOf(service) !== undefined;
    const found = isEntrance
      ? shares(this.state, service).map(({ row, weight }) => ({
          route: { service: row.name, token: row.token, backends: this.backends(row.id) },
          weight,
        }))
      : undefined;
    this.shared.set(service, found);
    return found;
  }

  /** Something about this service is new; entrances are computed anew, as it may be behind any of them. */
  forget(service: string): void {
    this.known.delete(service);
    this.shared.clear();
  }

  forgetAll(): void {
    this.known.clear();
    this.shared.clear();
  }

  private backends(id: string): Backend[] {
    const backends: Backend[] = [];
    for (const { phase, link, secret, identity } of this.lifecycle().instances(id)) {
      if (phase === 'ready' && link !== undefined) backends.push({ instance: identity.name, link, secret });
    }
    return backends;
  }
}
