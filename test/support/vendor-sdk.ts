import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
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

/**
 * The Go driver, built against the vendor's SDK of the Go module proxy; where the proxy has none, EASCMD_GO_SDK names a
 * checkout of it.
 */
export async function goSdk(): Promise<Prepared<{ driver: string }>> {
  const go = Bun.which('go');
  if (!go) return { reason: 'there is no go' };
  const checkout = process.env.EASCMD_GO_SDK ?? '';
  const source = resolve(import.meta.dir, '../wire/sdk/predict.go');
  const name = `go-${Bun.hash(readFileSync(source, 'utf8') + checkout).toString(36)}`;
  const failure = await once(name, async (folder) => {
    const work = mkdtempSync(join(tmpdir(), 'eas-go-sdk-'));
    const module = 'github.com/pai-eas/eas-golang-sdk';
    try {
      cpSync(source, join(work, 'main.go'));
      const steps = [
        ['mod', 'init', 'driver'],
        checkout
          ? ['mod', 'edit', '-require', `${module}@v0.0.0`, '-replace', `${module}=${resolve(checkout)}`]
          : ['get', `${module}@latest`],
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

/** Newest version that is served; the driver is written for all of them. */
const JAVA_SDK = 'com.aliyun.openservices.eas:eas-sdk:[2.0.3,)';

/** The Java driver and its class path: the vendor's SDK of Maven's central repository. */
export async function javaSdk(): Promise<Prepared<{ java: string; classPath: string }>> {
  const [java, javac, mvn] = ['java', 'javac', 'mvn'].map((tool) => Bun.which(tool));
  if (!java || !javac) return { reason: 'there is no JDK' };
  if (!mvn) return { reason: 'there is no mvn' };
  const source = resolve(import.meta.dir, '../wire/sdk/Predict.java');
  const name = `java-${Bun.hash(readFileSync(source)).toString(36)}`;
  const failure = await once(name, async (folder) => {
    const work = mkdtempSync(join(tmpdir(), 'eas-java-sdk-'));
    const jars = join(folder, 'jars');
    try {
      writeFileSync(join(work, 'pom.xml'), projectOf(JAVA_SDK));
      // Nothing is left in the repository of the person who runs the tests.
      const options = [
        '-B',
        '-q',
        `-Dmaven.repo.local=${join(work, 'repository')}`,
        '-DincludeScope=runtime',
      ];
      const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${jars}`];
      const fetched = await run([mvn, ...options, ...goal], work);
      if (fetched.code !== 0) return `mvn could not get ${JAVA_SDK}: ${firstError(fetched.out)}`;
      const built = await run([javac, '-nowarn', '-cp', join(jars, '*'), '-d', folder, source], work);
      return built.code === 0 ? undefined : `javac failed: ${lastLine(built.err)}`;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
  const folder = join(cache, name);
  return failure
    ? { reason: failure }
    : { ready: { java, classPath: `${folder}:${join(folder, 'jars', '*')}` } };
}

/** The command that runs the Java driver; what the SDK writes goes below `home`. */
export function javaDriver(sdk: Awaited<ReturnType<typeof javaSdk>>, home: string): string[] {
  const { java, classPath } = (sdk as { ready: { java: string; classPath: string } }).ready;
  const places = [`-Duser.home=${home}`, `-Dcom.aliyun.eas.failover=${join(home, 'failover')}`];
  return [java, ...places, '-cp', classPath, 'Predict'];
}

const firstError = (text: string) =>
  text.split('\n').find((line) => line.includes('[ERROR]')) ?? lastLine(text);

function projectOf(dependency: string): string {
  const [groupId, artifactId, version] = dependency.split(':');
  return `<project><modelVersion>4.0.0</modelVersion>
  <groupId>driver</groupId><artifactId>driver</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>
  </dependency></dependencies>
</project>`;
}

export interface SdkCall {
  endpoint: string;
  service: string;
  token: string;
  body: string;
  /** Asks discovery and calls instances. */
  direct?: boolean;
  retries?: number;
  /** Java: asks for an answer in Snappy. */
  compressed?: boolean;
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
