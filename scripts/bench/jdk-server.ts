import { join } from 'node:path';
import { type Bench, firstLine, output } from './bench.ts';
import { BODY, THREADS } from './worker.ts';

/** The peer of the java echo: the JDK's own HttpServer, with as many threads as the processor. */
export async function startJdkServer(bench: Bench) {
  if (!Bun.which('javac')) throw new Error('no JDK (javac) on PATH');
  const classes = join(bench.folder, 'jdk-server');
  await output(['javac', '-d', classes, join(import.meta.dir, 'Peer.java')]);
  // Without the flag the server waits 40 ms for the client's acknowledgement of the head of every answer.
  const flags = ['-Dsun.net.httpserver.nodelay=true', '-cp', classes];
  const child = bench.own(
    Bun.spawn(['java', ...flags, 'Peer', String(THREADS)], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
    }),
  );
  const url = `http://127.0.0.1:${await firstLine(child.stdout)}/api/predict/echo`;
  return { target: { url, token: '', body: BODY }, child };
}
