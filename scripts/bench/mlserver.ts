import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { firstAnswer, freePort } from './ports.ts';
import { pythonEnvironment } from './python-environment.ts';
import { BODY } from './worker.ts';

/**
 * The other peer of the python echo: MLServer with its own protocol (V2 inference), which wraps the body in JSON. One
 * process, no log line for each request, no metrics.
 */
export async function startMlserver(bench: Bench) {
  const own = await pythonEnvironment(bench, 'mlserver', ['mlserver']);
  const folder = join(bench.folder, 'mlserver-model');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dir, 'peer_mlserver.py'), join(folder, 'peer_mlserver.py'));
  const port = freePort();
  const settings = {
    ...{ host: '127.0.0.1', http_port: port, grpc_port: freePort() },
    ...{ debug: false, metrics_endpoint: null, parallel_workers: 0 },
  };
  await Bun.write(join(folder, 'settings.json'), JSON.stringify(settings));
  const model = { name: 'echo', implementation: 'peer_mlserver.Echo' };
  await Bun.write(join(folder, 'model-settings.json'), JSON.stringify(model));
  const child = bench.own(
    Bun.spawn([join(own, '..', 'mlserver'), 'start', folder], {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    }),
  );
  const inputs = [{ name: 'body', shape: [1], datatype: 'BYTES', data: [BODY] }];
  const target = {
    url: `http://127.0.0.1:${port}/v2/models/echo/infer`,
    token: '',
    body: JSON.stringify({ inputs }),
    contentType: 'application/json',
  };
  await firstAnswer(target, child);
  return { target, child };
}
