import type { Bench } from './bench.ts';
import { firstAnswer, freePort } from './ports.ts';
import { pythonEnvironment } from './python-environment.ts';
import { BODY } from './worker.ts';

const PACKAGES = ['uvicorn', 'fastapi', 'uvloop', 'httptools'];

/** The peer of the python echo: one process of uvicorn with uvloop and httptools, in an environment of its own. */
export async function startUvicorn(bench: Bench) {
  const own = await pythonEnvironment(bench, 'uvicorn', PACKAGES);
  const port = freePort();
  const child = bench.own(
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
  const target = { url: `http://127.0.0.1:${port}/api/predict/echo`, token: '', body: BODY };
  await firstAnswer(target, child);
  return { target, child };
}
