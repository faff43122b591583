/** What a client sent, byte for byte. */
export interface Recorded {
  method: string;
  /** Path and query as sent. */
  target: string;
  headers: Record<string, string>;
  body: string;
}

export type Answer = (request: Recorded, index: number) => Response | Promise<Response>;

export interface Recorder {
  url: string;
  requests: Recorded[];
  stop(): void;
}

/** A server on a free loopback port that keeps every request and answers as told. */
export function record(answer: Answer, tls?: { cert: string; key: string }): Recorder {
  const requests: Recorded[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    tls,
    async fetch(request) {
      const url = new URL(request.url);
      const recorded = {
        method: request.method,
        target: url.pathname + url.search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      requests.push(recorded);
      return answer(recorded, requests.length - 1);
    },
  });
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}`,
    requests,
    stop: () => void server.stop(true),
  };
}

export const reply = (body: object, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers });
