import { chooseCandidate } from './choice.ts';
import type { ExchangeFate } from './exchange.ts';
import { Link } from './link.ts';
import type { Backend } from './routes.ts';

/** Retired names kept, so that a route that still lists one does not bring it back. */
const MAX_RETIRED = 10_000;

/** The links to all instances known so far, made when first needed. */
export class Instances {
  private readonly links = new Map<string, Link>();
  /** Instance name to the link it had: the same name with a new link is a new instance. */
  private readonly retired = new Map<string, string>();
  private turn = 0;

  constructor(
    private readonly fate: ExchangeFate,
    private readonly log: (line: string) => void,
  ) {}

  /** The link for the next exchange, or undefined when none of these may take it. */
  choose(backends: Backend[], tried: string[] | undefined): Link | undefined {
    if (backends.length === 1) return this.usable(backends[0]!, tried);
    const links = backends.map((backend) => this.usable(backend, tried));
    return links[chooseCandidate(links, this.turn++)];
  }

  async retire(instance: string, graceMs: number): Promise<void> {
    const link = this.links.get(instance);
    this.retired.set(instance, link?.backend.link ?? '');
    if (this.retired.size > MAX_RETIRED) this.retired.delete(this.retired.keys().next().value!);
    if (!link) return;
    let timer: Timer | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([link.idle(), grace]);
    clearTimeout(timer);
    if (link.inFlight > 0) return;
    link.close();
    if (this.links.get(instance) === link) this.links.delete(instance);
  }

  /** See Connection.sweep; forgets links that nobody uses any more. */
  sweep(now: number, timeoutSweeps: number): number {
    let inFlight = 0;
    for (const [instance, link] of this.links) {
      link.sweep(now, timeoutSweeps);
      inFlight += link.inFlight;
      if (link.inFlight === 0 && !link.isOpen && !link.isSuspect) this.links.delete(instance);
    }
    return inFlight;
  }

  close(): void {
    for (const link of this.links.values()) link.close();
    this.links.clear();
  }

  private usable(backend: Backend, tried: string[] | undefined): Link | undefined {
    if (tried?.includes(backend.instance)) return undefined;
    if (this.retired.size > 0 && this.isRetired(backend)) return undefined;
    const link = this.links.get(backend.instance);
    if (link && link.backend.link === backend.link) return link;
    const fresh = new Link(backend, this.fate, this.log);
    this.links.set(backend.instance, fresh);
    if (link) link.idle().then(() => link.close());
    return fresh;
  }

  private isRetired(backend: Backend): boolean {
    const link = this.retired.get(backend.instance);
    return link === '' || link === backend.link;
  }
}
