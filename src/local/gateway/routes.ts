/** One ready instance as the gateway reaches it. */
export interface Backend {
  /** Unique name of the instance on this machine. */
  instance: string;
  /** `unix:/path` or `tcp:host:port` of a listener that speaks exchange and answer frames (core/frames.ts). */
  link: string;
  /** Text the instance expects in the first frame. */
  secret: string;
}

export interface Route {
  service: string;
  /** Access token; the empty string makes the service public (serving.md a.3). */
  token: string;
  /** Ready instances only. */
  backends: Backend[];
}

/** One side of a blue-green release: its route and its part of the entrance's traffic. */
export interface Alternative {
  route: Route;
  /** Any non-negative number; the parts are relative to their sum. */
  weight: number;
}

/** What the gateway asks the lifecycle for on every request, so answers have to be at hand, not computed. */
export interface Routes {
  /** The service that answers at `/api/predict/<service>`; undefined makes it a 404. */
  find(service: string): Route | undefined;
  /**
   * Blue-green release (serving.md e): who shares the traffic of this entrance, the entrance's own route included.
   * Undefined or absent means that the route of `find` takes all. The token checked is always the entrance's.
   */
  alternatives?(service: string): Alternative[] | undefined;
}
