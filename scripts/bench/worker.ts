import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import type { ProcessorType, WorkerEvent, WorkerSpec } from '../../src/core/worker/spec.ts';
import { type Bench, firstLine, output, root } from './bench.ts';
import type { Target } from './load.ts';

export const THREADS = 5;
const TOKEN = 'YmVuY2ggdG9rZW4gb2YgMjggYnl0ZXM=';
const SECRET = 'bench';
export const BODY = JSON.stringify([
  { x: 1.5, y: 'a hundred bytes or so, as most tabular requests have', z: [1, 2, 3, 4, 5, 6] },
]);
const LACKING: Record<ProcessorType, [program: string, what: string]> = {
  cpp: ['g++', 'C++ compiler'],
  python: ['python3', 'Python'],
  java: ['javac', 'JDK'],
};

export interface Instance {
  service: string;
  token: string;
  /** URL of the prediction path at the instance's own port. */
  url: string;
  link: string;
  secret: string;
  child: Subprocess;
}

/** Languages of processors that this machine can make; says which ones are left out. */
export function languages(bench: Bench, part: string): ProcessorType[] {
  return (['cpp', 'python', 'java'] as const).filter((type) => {
    const [program, what] = LACKING[type];
    if (Bun.which(program)) return true;
    bench.skip(`${part}, ${type}`, `no ${what} (${program}) on PATH`);
    return false;
  });
}

export const targetOf = ({ token }: Instance, url: string): Target => ({ url, token, body: BODY });

/** Starts a processor host with one of the echo examples and waits until it is ready. */
export async function startEcho(bench: Bench, type: ProcessorType): Promise<Instance> {
  const folder = mkdtempSync(join(bench.folder, `${type}-`));
  const workspace = join(folder, 'workspace');
  const predictor = join(workspace, 'predictor', 'echo');
  mkdirSync(join(workspace, 'model'), { recursive: true });
  const entry = await buildEcho(type, predictor);
  const service = `echo_${type}`;
  const spec: WorkerSpec = {
    service,
    instance: `${service}-1`,
    host: '127.0.0.1',
    port: 0,
    runDir: join(folder, 'run'),
    secret: SECRET,
    token: TOKEN,
    workspace,
    processor: { type, entry, mainClass: 'com.example.Echo', python: Bun.which('python3') ?? undefined },
    modelEntry: '',
    modelConfig: '',
    limits: {
      workerThreads: THREADS,
      ioThreads: 4,
      maxQueueSize: 64,
      keepaliveMs: 5000,
      rateLimit: 0,
      enableSigterm: false,
      crashBlock: true,
    },
    properties: {},
    env: {},
    logFile: join(folder, 'instance.log'),
    startTimeoutMs: 20_000,
    graceMs: 2000,
  };
  const child = bench.own(
    Bun.spawn([...bench.program, '__worker'], { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' }),
  );
  child.stdin.write(`${JSON.stringify(spec)}\n`);
  child.stdin.flush();
  const { port, link } = await whenReady(child.stdout, spec.logFile);
  return {
    service,
    token: TOKEN,
    url: `http://127.0.0.1:${port}/api/predict/${service}`,
    link,
    secret: SECRET,
    child,
  };
}

/** Builds an echo example into a folder and returns its `processor_entry`. */
export async function buildEcho(type: ProcessorType, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  if (type === 'python') {
    cpSync(join(root, 'examples/echo-python/app.py'), join(folder, 'app.py'));
    return './app.py';
  }
  if (type === 'java') {
    await output([
      'javac',
      '--release',
      '8',
      '-nowarn',
      '-d',
      folder,
      join(root, 'examples/echo-java/Echo.java'),
    ]);
    return '';
  }
  const source = join(root, 'examples/echo-cpp/echo.cpp');
  await output(['g++', '-O2', '-shared', '-fPIC', '-o', join(folder, 'libecho.so'), source]);
  return 'libecho.so';
}

/** Follows the host's events until it is ready; its stdout goes on being read, as a full pipe would stop it. */
async function whenReady(
  stdout: ReadableStream<Uint8Array>,
  logFile: string,
): Promise<{ port: number; link: string }> {
  const decoder = new TextDecoder();
  const { promise, resolve, reject } = Promise.withResolvers<{ port: number; link: string }>();
  let listening: { port: number; link: string } | undefined;
  let text = '';
  const follow = async () => {
    for await (const chunk of stdout) {
      const lines = (text + decoder.decode(chunk, { stream: true })).split('\n');
      text = lines.pop()!;
      for (const event of lines.map((line) => JSON.parse(line) as WorkerEvent)) {
        if (event.type === 'listening') listening = event;
        else if (event.type === 'ready' && listening) resolve(listening);
        else if (event.type === 'fatal' || event.type === 'exited')
          reject(new Error(await failure(event.message, logFile)));
      }
    }
    reject(new Error('the processor host ended before it was ready'));
  };
  follow().catch(reject);
  return promise;
}

async function failure(message: string, logFile: string): Promise<string> {
  return `the echo processor did not start: ${message}\n${await Bun.file(logFile).text()}`;
}

/** A gateway of its own process in front of the instance; returns the URL of the prediction path there. */
export async function startGateway(bench: Bench, instance: Instance): Promise<string> {
  const { service, token, link, secret } = instance;
  const route = { service, token, backends: [{ instance: `${service}-1`, link, secret }] };
  const command = [process.execPath, join(import.meta.dir, 'gateway-process.ts'), JSON.stringify(route)];
  const child = bench.own(Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' }));
  return `http://127.0.0.1:${await firstLine(child.stdout)}/api/predict/${service}`;
}
