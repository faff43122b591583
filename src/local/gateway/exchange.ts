import type { Address } from './address.ts';
import type { ResetReason } from './answers.ts';
import type { Link } from './link.ts';
import type { Meter } from './meters.ts';
import type { Route } from './routes.ts';

const NOTHING = new Uint8Array(0);

/**
 * One request on its way to an instance and back: one object and one promise for the whole way, as this is where
 * the gateway spends its time.
 */
export class Exchange {
  head: Uint8Array = NOTHING;
  body: Uint8Array = NOTHING;
  /** The sweep during which it began (sweep.ts). */
  startedAt = 0;
  /** Id on its connection, and the stream position after its last byte there. */
  id = 0;
  end = 0;
  /** Instances whose connection failed before this exchange had left for them. */
  tried: string[] | undefined;
  private link: Link | undefined;
  private meter: Meter | undefined;

  constructor(
    readonly request: Request,
    readonly server: Bun.Server<unknown>,
    readonly address: Address,
    /** The entrance's, until another side of a blue-green release is chosen. */
    public route: Route,
    private readonly fate: ExchangeFate,
    private readonly resolve: (response: Response) => void,
  ) {}

  /** Counted from here to `settle`. */
  begin(meter: Meter, startedAt: number): void {
    this.meter = meter;
    this.startedAt = startedAt;
    meter.requests++;
    meter.inFlight++;
  }

  sendOn(link: Link): void {
    this.link = link;
    link.send(this);
  }

  settle(response: Response): void {
    if (this.meter) this.meter.inFlight--;
    this.link?.release();
    this.fate.settled(this);
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

/** What becomes of exchanges. */
export interface ExchangeFate {
  /** It is answered. */
  settled(exchange: Exchange): void;
  /** Its connection ended before it had left whole: another instance may take it. */
  notStarted(exchange: Exchange, reason: ResetReason): void;
  /** Its connection ended and it may have been processed: repeating it is not ours to decide. */
  lost(exchange: Exchange): void;
}
