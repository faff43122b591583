export interface Meter {
  /** Requests handed to instances so far. */
  requests: number;
  /** Requests for which there was no instance. */
  unserved: number;
  inFlight: number;
}

/** Counts per service. */
export class Meters {
  private readonly byService = new Map<string, Meter>();

  of(service: string): Meter {
    let meter = this.byService.get(service);
    if (!meter) {
      meter = { requests: 0, unserved: 0, inFlight: 0 };
      this.byService.set(service, meter);
    }
    return meter;
  }

  read(service: string): Readonly<Meter> {
    return this.byService.get(service) ?? { requests: 0, unserved: 0, inFlight: 0 };
  }
}
