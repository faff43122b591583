import type { Subprocess } from 'bun';
import type { Target } from './load.ts';

const PATIENCE_MS = 120_000;

/** A port that nobody listens on at this moment, for programs that can't pick one themselves. */
export function freePort(): number {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() });
  const port = server.port!;
  server.stop(true);
  return port;
}

/** Waits until a server that was just started answers with status 200; throws when it ended or takes too long. */
export async function firstAnswer({ url, body, contentType }: Target, child: Subprocess): Promise<void> {
  const headers = contentType ? { 'content-type': contentType } : undefined;
  for (const begun = performance.now(); performance.now() - begun < PATIENCE_MS; await Bun.sleep(50)) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode} before it answered`);
    const answer = await fetch(url, { method: 'POST', body, headers }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
  }
  throw new Error(`it did not answer within ${PATIENCE_MS / 1000} s`);
}
