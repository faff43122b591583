import type { AgentSpec } from '../core/benchmark/agent.ts';

/** The whole request for each body, ready to be written. */
export function requestsOf(
  { url, headers }: Pick<AgentSpec, 'url' | 'headers'>,
  bodies: Uint8Array[],
): Buffer[] {
  const { host, pathname, search } = new URL(url);
  const lines = [`POST ${pathname}${search} HTTP/1.1`, `Host: ${host}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return bodies.map((body) =>
    Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\nContent-Length: ${body.byteLength}\r\n\r\n`), body]),
  );
}
