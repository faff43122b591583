import type { ResetReason } from './answers.ts';
import type { Link } from './link.ts';
import type { Meter } from './meters.ts';
import type { Route } from './routes.ts';

/** One request on its way to an instance and back. */
export class Exchange {
  link: Link | undefined;
  /** Id on its connection, and the stream position after its last byte there. */
  id = 0;
  end = 0;
  /** Instances whose connection failed before this exchange had left for them. */
  tried: string[] | undefined;

  constructor(
    readonly route: Route,
    readonly request: Request,
    readonly server: Bun.Server<unknown>,
    readonly head: Uint8Array,
    readonly body: Uint8Array,
    /** The sweep during which it began (sweep.ts). */
    readonly startedAt: number,
    private readonly meter: Meter,
    private readonly resolve: (response: Response) => void,
  ) {
    meter.requests++;
    meter.inFlight++;
  }

  sendOn(link: Link): void {
    this.link = link;
    link.send(this);
  }

  settle(response: Response): void {
    this.meter.inFlight--;
    this.link?.release();
    this.resolve(response);
  }

  /** Takes it back from an instance it never reached. */
  withdraw(): void {
    if (!this.link) return;
    this.tried = [...(this.tried ?? []), this.link.backend.instance];
    this.link.release();
    this.link = undefined;
  }
}

/** What becomes of exchanges whose connection ended. */
export interface ExchangeFate {
  /** It never left whole: another instance may take it. */
  notStarted(exchange: Exchange, reason: ResetReason): void;
  /** It may have been processed: repeating it is not ours to decide. */
  lost(exchange: Exchange): void;
}
