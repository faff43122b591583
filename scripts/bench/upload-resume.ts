import net from 'node:net';
import type { Subprocess } from 'bun';
import type { Bench } from './bench.ts';
import type { UploadPlace } from './upload.ts';

const CUT_AT = 0.7;
/** Four parts of 8 MiB are on their way when it happens. */
const BUDGET_MB = 40;
const BUCKET = 'eas-model-local';

/** An upload that is killed (-9) when 70 % have left it, and goes on: how much goes over the wire a second time. */
export async function resumeRow(bench: Bench, place: UploadPlace): Promise<void> {
  bench.say('upload of 1 GiB, killed at 70 % and resumed');
  let child: Subprocess | undefined;
  let isCut = false;
  let sentBytes = 0;
  const wire = await startCounter(Number(new URL(place.storeUrl).port), (bytes) => {
    sentBytes += bytes;
    if (isCut || sentBytes < CUT_AT * place.fileBytes) return;
    isCut = true;
    child?.kill('SIGKILL');
  });
  // Commands ask an address on loopback what it is: this one is the same store behind the counter.
  const status = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }): Response =>
      Response.json({ apiUrl: new URL(url).origin, objectStoreUrl: wire.url, region: 'local', uid: '1' }),
  });
  const { accessKeyId, accessKeySecret } = place.keys;
  const start = () =>
    Bun.spawn(
      [
        ...[...bench.program, '-e', status.url.origin, '-i', accessKeyId, '-k', accessKeySecret],
        ...['upload', place.file, '--to', `oss://${BUCKET}/resumed/`],
      ],
      { env: { ...process.env, ...place.env }, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' },
    );
  try {
    const first = bench.own(start());
    child = first;
    await first.exited;
    const second = bench.own(start());
    const errors = await second.stderr.text();
    if ((await second.exited) !== 0) throw new Error(`the upload did not go on: ${errors}`);
    const againMb = (sentBytes - place.fileBytes) / 1e6;
    bench.rows.push({
      what: 'upload of 1 GiB, kill -9 at 70 %, resumed: sent again',
      measured: `${againMb.toFixed(1)} MB`,
      budget: `<= ${BUDGET_MB} MB`,
      isMet: againMb <= BUDGET_MB,
    });
  } finally {
    await status.stop(true);
    wire.stop();
  }
}

/** Passes connections on to `port` and tells how many bytes clients sent. */
async function startCounter(port: number, onSent: (bytes: number) => void) {
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => onSent(data.length));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    stop() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
