import { replies } from '../../queue/replies.ts';
import type { Gate } from '../gate.ts';
import { Metrics } from './metrics.ts';

export const BUILTIN_PATH = '/api/builtin/';
const MAX_REPORT_BYTES = 64 * 1024;

/** Who asks, as far as it matters here. */
export interface Caller {
  /** It knows the token of the service. */
  isAuthorized(): boolean;
  /** It runs on this machine, or in this container: user code has no token. */
  isLocal(): boolean;
}

/**
 * The handlers of serving.md (e) below `/api/builtin/`; docs/builtin-handlers.md tells which of their bodies are
 * guesses. They answer whether or not the processor is ready, and never wait for it.
 */
export class BuiltinHandlers {
  private readonly metrics = new Metrics();

  constructor(
    private readonly gate: Gate,
    private readonly properties: () => Record<string, string>,
  ) {}

  async handle(request: Request, path: string, caller: Caller): Promise<Response> {
    const call = path.slice(BUILTIN_PATH.length);
    if (call === 'ping') return this.ping();
    if (call !== 'prop' && call !== 'realtime_metrics')
      return json(404, { error: `there is no built-in handler ${JSON.stringify(call)}` });
    const mayCall = caller.isAuthorized() || (call === 'realtime_metrics' && caller.isLocal());
    if (!mayCall) return json(401, { error: replies.unauthorized.body });
    if (call === 'prop') return json(200, this.properties());
    return request.method === 'POST' ? this.report(request) : json(200, this.samples());
  }

  private ping(): Response {
    return this.gate.dispatcher.ready ? json(200, { status: 'ready' }) : json(503, { status: 'not ready' });
  }

  private samples() {
    const { requests, inFlight, queued } = this.gate.dispatcher.counters();
    const own = Object.entries({ requests, in_flight: inFlight, queued });
    return [...own.map(([name, value]) => ({ name, value })), ...this.metrics.samples()];
  }

  private async report(request: Request): Promise<Response> {
    if (Number(request.headers.get('content-length') ?? MAX_REPORT_BYTES + 1) > MAX_REPORT_BYTES)
      return json(413, { error: `a report has a Content-Length of at most ${MAX_REPORT_BYTES}` });
    try {
      this.metrics.report(await request.text());
      return json(200, { status: 'ok' });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return json(400, { error: error.message });
    }
  }
}

function json(status: number, body: unknown): Response {
  return Response.json(body, { status });
}
