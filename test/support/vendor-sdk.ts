import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Kept between runs: the SDKs come from public registries and are not part of the project. */
const cache = resolve(import.meta.dir, '../../node_modules/.cache/eascmd-vendor-sdk');

export type Prepared<T> = { ready: T } | { reason: string };

/** Whether to skip, told in the words that the suite's runner collects (scripts/test.ts). */
export function skipReason(what: string, prepared: Prepared<unknown>): boolean {
  if ('ready' in prepared) return false;
  const line = `skip: ${what} – ${prepared.reason}\n`;
  if (process.env.EASCMD_SKIP_LOG) appendFileSync(process.env.EASCMD_SKIP_LOG, line);
  else process.stderr.write(line);
  return true;
}

async function run(command: string[], cwd: string, env: Record<string, string> = {}) {
  const child = Bun.spawn(command, {
    cwd,
    env: { ...process.env, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 180_000,
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, out, err };
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? '';

/** Builds into a temporary folder and renames, so that a cut or doubled installation leaves nothing half done. */
async function once(
  name: string,
  build: (folder: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const folder = join(cache, name);
  if (existsSync(folder)) return undefined;
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(join(cache, `.${name}-`));
  const failure = await build(temporary);
  if (failure === undefined && !existsSync(folder)) renameSync(temporary, folder);
  else rmSync(temporary, { recursive: true, force: true });
  return failure;
}

export interface PythonSdk {
  python: string;
  env: Record<string, string>;
}

/** A Python with the vendor's prediction SDK on its path. */
export const pythonSdk = () => pythonPackage('python', 'eas_prediction');

/** A Python with the vendor's SDK of the EAS OpenAPI on its path. */
export const pythonOpenApiSdk = () => pythonPackage('python-openapi', 'alibabacloud_eas20210701');

async function pythonPackage(name: string, packageName: string): Promise<Prepared<PythonSdk>> {
  const python = Bun.which('python3');
  if (!python) return { reason: 'there is no python3' };
  const failure = await once(name, async (folder) => {
    const options = ['--quiet', '--retries', '1', '--timeout', '20', '--target', folder];
    const { code, err } = await run([python, '-m', 'pip', 'install', ...options, packageName], folder);
    return code === 0 ? undefined : `pip could not install ${packageName}: ${lastLine(err)}`;
  });
  return failure ? { reason: failure } : { ready: { python, env: { PYTHONPATH: join(cache, name) } } };
}

/** The Go driver, built against the vendor's SDK of the Go module proxy. */
export async function goSdk(): Promise<Prepared<{ driver: string }>> {
  const go = Bun.which('go');
  if (!go) return { reason: 'there is no go' };
  const source = resolve(import.meta.dir, '../wire/sdk/predict.go');
  const name = `go-${Bun.hash(readFileSync(source)).toString(36)}`;
  const failure = await once(name, async (folder) => {
    const work = mkdtempSync(join(tmpdir(), 'eas-go-sdk-'));
    try {
      cpSync(source, join(work, 'main.go'));
      const steps = [
        ['mod', 'init', 'driver'],
        ['get', 'github.com/pai-eas/eas-golang-sdk@latest'],
        ['mod', 'tidy'],
        ['build', '-o', join(folder, 'driver'), '.'],
      ];
      for (const step of steps) {
        const { code, err } = await run([go, ...step], work, { GOFLAGS: '-mod=mod' });
        if (code !== 0) return `go ${step[0]} ${step[1]} failed: ${lastLine(err)}`;
      }
      return undefined;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
  return failure ? { reason: failure } : { ready: { driver: join(cache, name, 'driver') } };
}

export interface SdkCall {
  endpoint: string;
  service: string;
  token: string;
  body: string;
  /** Asks discovery and calls instances. */
  direct?: boolean;
  retries?: number;
  /** How many times; default 1. */
  times?: number;
}

/** One line for each prediction: the body of a 200, or the code and text of the SDK's own exception. */
export type SdkResult = { body: string } | { code: number; message: string };

/** Runs a driver of test/wire/sdk: calls as JSON lines on stdin, results as JSON lines on stdout. */
export async function runSdk(command: string[], calls: SdkCall[], env: Record<string, string> = {}) {
  const child = Bun.spawn(command, {
    env: { ...process.env, ...env },
    stdin: new Blob([calls.map((call) => `${JSON.stringify(call)}\n`).join('')]),
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 60_000,
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`the driver failed: ${err}\n${out}`);
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as SdkResult);
}
