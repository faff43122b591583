import http from 'node:http';
import https from 'node:https';

/** Bytes handed to the socket at once: progress moves in these steps. */
const SLICE_BYTES = 256 * 1024;

/** What belongs to one transfer; ali-oss hands its `ctx` on to us. */
export interface TransferContext {
  signal?: AbortSignal;
  /** Bytes of this request's body that the network has taken so far. */
  onSent?: (bytes: number) => void;
}

interface HttpRequest {
  method: string;
  headers: Record<string, string | number>;
  content?: string | Uint8Array;
  stream?: Uint8Array;
  timeout: number;
  customResponse?: boolean;
  ctx?: TransferContext;
}

interface HttpReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  data: Buffer | undefined;
  res: http.IncomingMessage & { status: number };
}

/**
 * The HTTP client of ali-oss, in place of its urllib: that one answers twice when a store refuses a body half-way and says so
 * on the console, knows neither progress nor abort, and loses the codes of socket errors.
 */
export class Transport {
  /** By how much the store's clock is ahead of ours, as its last answer told. */
  clockOffsetMs = 0;
  hasAnswered = false;

  constructor(private readonly agent: http.Agent) {}

  async request(url: string, request: HttpRequest): Promise<HttpReply> {
    try {
      return await this.exchange(url, request);
    } catch (error) {
      const { name, code, message } = error as NodeJS.ErrnoException;
      // ali-oss keeps the name of a failure with status -1, and nothing else of it but the text.
      throw Object.assign(new Error(message), { name: code || name, status: -1 });
    }
  }

  private async exchange(url: string, request: HttpRequest): Promise<HttpReply> {
    const { method, headers, timeout, ctx = {} } = request;
    const { protocol, origin, hostname, port } = new URL(url);
    const outgoing = (protocol === 'https:' ? https : http).request({
      protocol,
      host: hostname,
      port: port || (protocol === 'https:' ? 443 : 80),
      // As it was signed: a URL object would take dots between slashes away.
      path: url.slice(url.indexOf('/', origin.indexOf('//') + 2)),
      method,
      headers,
      agent: this.agent,
    });
    const answered = Promise.withResolvers<http.IncomingMessage>();
    const fail = (error: Error) => answered.reject(error);
    outgoing
      .on('response', (response) => {
        // Whoever reads it sees its errors; nobody may be reading.
        response.on('error', () => {});
        answered.resolve(response);
      })
      .on('error', fail)
      .on('close', () => fail(dropped()));
    // Destroyed without an error: Bun would throw it where nobody listens when an answer is just coming in.
    const end = (error: Error) => {
      fail(error);
      outgoing.destroy();
    };
    const abort = () => end(new Error('aborted'));
    ctx.signal?.addEventListener('abort', abort);
    outgoing.on('close', () => ctx.signal?.removeEventListener('abort', abort));
    if (ctx.signal?.aborted) abort();
    outgoing.setTimeout(timeout, () => end(timedOut()));
    const body = request.stream ?? request.content;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const sending = send(outgoing, bytes ?? new Uint8Array(), ctx.onSent);
    answered.promise.catch(() => {});
    sending.catch(fail);
    const response = await answered.promise;
    this.observe(response);
    return this.read(response, request, outgoing);
  }

  private observe(response: http.IncomingMessage): void {
    this.hasAnswered = true;
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) this.clockOffsetMs = date - Date.now();
  }

  private async read(
    response: http.IncomingMessage,
    { customResponse, method }: HttpRequest,
    outgoing: http.ClientRequest,
  ): Promise<HttpReply> {
    const status = response.statusCode ?? 0;
    const res = Object.assign(response, { status });
    const reply = { status, headers: response.headers, data: undefined, res };
    if (customResponse && status < 300) return reply;
    const chunks: Buffer[] = [];
    if (method === 'HEAD') response.resume();
    else for await (const chunk of response) chunks.push(chunk);
    // A store that refuses a body does not wait for the rest of it.
    if (!outgoing.writableFinished) outgoing.destroy();
    return { ...reply, data: Buffer.concat(chunks) };
  }
}

/** Writes a body slice by slice; ends early, without a complaint, when the request is over before. */
async function send(
  outgoing: http.ClientRequest,
  bytes: Uint8Array,
  onSent: TransferContext['onSent'],
): Promise<void> {
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true;
      resolve();
    };
    outgoing.once('response', end).once('close', end);
  });
  for (let at = 0; at < bytes.length && !isOver; at += SLICE_BYTES) {
    const slice = bytes.subarray(at, at + SLICE_BYTES);
    const hasRoom = outgoing.write(slice);
    if (!hasRoom) await Promise.race([new Promise((resolve) => outgoing.once('drain', resolve)), over]);
    onSent?.(at + slice.length);
  }
  if (!isOver) outgoing.end();
}

const dropped = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const timedOut = () => Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
