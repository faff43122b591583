import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFrame, FrameKind, FrameReader } from '../../../src/core/frames.ts';
import type { ContainerState, WorkerEvent, WorkerSpec } from '../../../src/core/worker/spec.ts';

/**
 * Speaks the protocol of core/worker/spec.ts and answers each exchange with `<instance> v<workspace> <body>`.
 * The property `fake` makes it misbehave: `fail` (the processor never starts), `die` (the host ends at once),
 * `slow` (an answer takes 50 ms), `hang` (ignores stop).
 */
export async function runFakeWorker(): Promise<number> {
  const say = (event: WorkerEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);
  let code: number | undefined;
  for await (const line of console) {
    const message = JSON.parse(line) as WorkerSpec | { type: string };
    if ('type' in message) {
      if (message.type === 'drain') say({ type: 'drained' });
      if (message.type === 'stop' && code === undefined) process.exit(0);
      continue;
    }
    code = begin(message, say);
    if (code !== undefined) process.exit(code);
  }
  process.exit(0);
}

function begin(spec: WorkerSpec, say: (event: WorkerEvent) => void): number | undefined {
  const mode = spec.properties.fake ?? '';
  appendFileSync(spec.logFile, `started ${spec.instance}\n`);
  if (mode === 'die') return 3;
  const link = listen(spec, mode === 'slow' ? 50 : 0);
  const http = Bun.serve({ port: 0, hostname: spec.host, fetch: () => new Response(spec.instance) });
  say({ type: 'listening', port: http.port!, link });
  if (mode === 'fail') fail(spec, say, 1);
  else say({ type: 'ready' });
  return undefined;
}

/** The processor can't be loaded, again and again, until a file named `repaired` lies in the workspace. */
function fail(spec: WorkerSpec, say: (event: WorkerEvent) => void, restarts: number): void {
  if (existsSync(join(spec.workspace, 'repaired'))) {
    say({ type: 'ready' });
    return;
  }
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  const state: ContainerState = { exitCode: 1, startedAt: at, finishedAt: at, reason: 'Error' };
  appendFileSync(spec.logFile, 'ImportError: no module named nothing\n');
  const willRestart = !spec.limits.crashBlock;
  say({ type: 'exited', state, restarts, willRestart, delayMs: 20, message: 'app.py ended with code 1' });
  if (willRestart) setTimeout(() => fail(spec, say, restarts + 1), 20);
}

function listen(spec: WorkerSpec, delayMs: number): string {
  const path = join(spec.runDir, 'link');
  const version = spec.workspace.split('/').pop();
  Bun.listen<FrameReader>({
    unix: path,
    socket: {
      open(socket) {
        socket.data = new FrameReader((frame) => {
          if (frame.kind !== FrameKind.exchange) return;
          const body = frame.payload.slice(frame.code);
          const text = new TextEncoder().encode(
            `${spec.instance} ${version} ${new TextDecoder().decode(body)}`,
          );
          const reply = encodeFrame(FrameKind.answer, 200, frame.id, new Uint8Array([0, 0]), text);
          if (delayMs > 0) setTimeout(() => socket.write(reply), delayMs);
          else socket.write(reply);
        });
      },
      data(socket, chunk) {
        socket.data.push(new Uint8Array(chunk));
      },
    },
  });
  return `unix:${path}`;
}
