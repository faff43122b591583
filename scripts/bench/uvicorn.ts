import { join } from 'node:path';
import { type Bench, output } from './bench.ts';
import type { Target } from './load.ts';

const PACKAGES = ['uvicorn', 'fastapi', 'uvloop', 'httptools'];

/** The peer of the python echo: one process of uvicorn with uvloop and httptools, in an environment of its own. */
export async function startUvicorn(bench: Bench, body: string): Promise<Target> {
  const python = Bun.which('python3');
  if (!python) throw new Error('there is no python3');
  const folder = join(bench.folder, 'uvicorn');
  const own = join(folder, 'bin', 'python');
  await output([python, '-m', 'venv', folder]);
  await output([own, '-m', 'pip', 'install', '--quiet', '--retries', '1', ...PACKAGES]);
  const port = freePort();
  bench.own(
    Bun.spawn(
      [
        ...[own, '-m', 'uvicorn', '--app-dir', import.meta.dir, '--port', String(port)],
        ...['--loop', 'uvloop', '--http', 'httptools', '--no-access-log', '--log-level', 'error', 'peer:app'],
      ],
      {
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'inherit',
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      },
    ),
  );
  const target = { url: `http://127.0.0.1:${port}/api/predict/echo`, token: '', body };
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(target.url, { method: 'POST', body }).catch(() => undefined);
    if (answer?.ok && (await answer.text()) === body) return target;
    await Bun.sleep(50);
  }
  throw new Error('uvicorn did not answer within 10 s');
}

function freePort(): number {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() });
  const port = server.port!;
  server.stop(true);
  return port;
}
