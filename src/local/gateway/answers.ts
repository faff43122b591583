/** What the gateway itself says (serving.md a.7). Bodies the reference does not know are one plain line. */

/** What the worker's engine sends unless `rpc.http.default_headers` says otherwise, even for JSON. */
export const DEFAULT_CONTENT_TYPE = 'text/html; charset=utf-8';

/** The connection ends with these: the engine drops it when a request is dropped. */
export function closesConnection(status: number): boolean {
  return status === 408 || status === 429 || status === 450;
}

export const unrouted = () => new Response(null, { status: 404 });

export const unauthorized = () => plain(401, 'Unauthorized: the access token is missing or wrong');

export const methodNotAllowed = () =>
  new Response('Method Not Allowed', { status: 405, headers: { ...text, allow: 'GET, POST' } });

export const tooLarge = (maxBytes: number) => plain(413, `Request body is larger than ${maxBytes} bytes`);

export const noHealthyUpstream = () => plain(503, 'no healthy upstream');

export type ResetReason = 'connection failure' | 'connection termination' | 'overflow';

export const upstreamReset = (reason: ResetReason) =>
  plain(503, `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`);

export const upstreamTimeout = () => plain(504, 'upstream request timeout');

/** Never seen by anyone: the client is gone (499 stands in logs only). */
export const clientGone = () => new Response(null, { status: 499 });

const text = { 'content-type': 'text/plain' };

function plain(status: number, body: string): Response {
  return new Response(body, { status, headers: text });
}
