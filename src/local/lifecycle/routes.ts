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

/** Who answers for a service, at hand for every request and computed again only after a change. */
export class ServiceRoutes {
  private readonly known = new Map<string, Route>();

  constructor(
    private readonly state: State,
    private readonly lifecycle: () => Lifecycle,
  ) {}

  /** Undefined when there is no such service. */
  find(service: string): Route | undefined {
    const known = this.known.get(service);
    if (known) return known;
    const row = this.state.services.byName(service);
    if (!row) return undefined;
    const backends: Backend[] = [];
    for (const { phase, link, secret, identity } of this.lifecycle().instances(row.id)) {
      if (phase === 'ready' && link !== undefined) backends.push({ instance: identity.name, link, secret });
    }
    const route = { service, token: row.token, backends };
    this.known.set(service, route);
    return route;
  }

  forget(service: string): void {
    this.known.delete(service);
  }
}
