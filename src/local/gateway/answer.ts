import type { Frame } from '../../core/frames.ts';
import { closesConnection, DEFAULT_CONTENT_TYPE } from './answers.ts';

const defaultHeaders = new Headers({ 'content-type': DEFAULT_CONTENT_TYPE });
const plainOk: ResponseInit = { status: 200, headers: defaultHeaders };
const decoder = new TextDecoder();
/** Lengths and connections are the business of each hop. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'upgrade']);

/**
 * Turns an answer frame into the client's response, the body's bytes untouched. A status that HTTP can't carry as
 * a final one becomes 502.
 */
export function toResponse(frame: Frame): Response {
  const { payload, code } = frame;
  const headBytes = payload.byteLength < 2 ? 0 : (payload[0]! << 8) | payload[1]!;
  const body = payload.subarray(2 + headBytes);
  if (code === 200 && headBytes === 0) return new Response(body, plainOk);
  if (code < 200 || code > 599) return new Response(`bad status ${code} from the instance`, { status: 502 });
  const headers = new Headers(defaultHeaders);
  if (headBytes > 0) copyHeaders(payload.subarray(2, 2 + headBytes), headers);
  if (closesConnection(code)) headers.set('connection', 'close');
  const isBodiless = code === 204 || code === 205 || code === 304;
  return new Response(isBodiless ? null : body, { status: code, headers });
}

function copyHeaders(head: Uint8Array, into: Headers): void {
  const { headers } = JSON.parse(decoder.decode(head)) as { headers?: Record<string, string> };
  for (const [name, value] of Object.entries(headers ?? {}))
    if (!HOP_BY_HOP.has(name.toLowerCase())) into.set(name, value);
}
