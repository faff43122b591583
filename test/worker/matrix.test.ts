import { afterAll, beforeAll, describe, expect, setDefaultTimeout } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { needs, type Tool } from '../support/needs.ts';
import { temporaryFolder } from './packages.ts';

/**
 * The same requests to the echo example of each language must get the same bytes, wherever it runs. A row is a
 * language; a column is a way to run it.
 */
setDefaultTimeout(90_000);
const examples = resolve(import.meta.dir, '../../examples');

interface Row {
  language: string;
  tool: Tool;
  /** Builds the package in `folder` and returns the part of the service JSON that names it. */
  build(folder: string): Record<string, string>;
}

const run = (cwd: string, ...command: [string, ...string[]]) =>
  execFileSync(command[0], command.slice(1), { cwd });

const rows: Row[] = [
  {
    language: 'cpp',
    tool: 'g++',
    build(folder) {
      run(folder, 'g++', '-O1', '-shared', '-fPIC', '-o', 'libecho.so', join(examples, 'echo-cpp/echo.cpp'));
      run(folder, 'tar', 'czf', 'echo.tar.gz', 'libecho.so');
      return { processor_path: join(folder, 'echo.tar.gz'), processor_entry: 'libecho.so' };
    },
  },
  {
    language: 'java',
    tool: 'java',
    build(folder) {
      run(folder, 'javac', '-d', 'classes', join(examples, 'echo-java/Echo.java'));
      run(folder, 'jar', 'cf', 'echo.jar', '-C', 'classes', '.');
      return {
        processor_path: join(folder, 'echo.jar'),
        processor_entry: 'echo.jar',
        processor_mainclass: 'com.example.Echo',
      };
    },
  },
  {
    language: 'python',
    tool: 'python3',
    build: () => ({
      processor_path: join(examples, 'echo-python/app.py'),
      processor_entry: './app.py',
    }),
  },
];

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const requests: [string, Uint8Array][] = [
  ['text', Buffer.from('hello 模型\r\n')],
  ['every byte', every],
  ['nothing', new Uint8Array(0)],
  ['3 MB', new Uint8Array(3_000_000).map((_, at) => at * 31)],
];

let local: LiveLocal;
beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

/** Sends every request to the service that `file` describes and returns the answers. */
type Column = (name: string, file: string, language: string) => Promise<Uint8Array[]>;

const requestFile = (what: string) => `${what.replaceAll(' ', '-')}.bin`;

async function deployed(place: LiveLocal, name: string, file: string): Promise<Uint8Array[]> {
  const created = await place.eas(['create', file]);
  expect([created.code, created.err]).toEqual([0, '']);
  const answers: Uint8Array[] = [];
  for (const [what] of requests) {
    const { code, bytes } = await place.eas(['predict', name, '-f', join(local.folder, requestFile(what))]);
    expect(code).toBe(0);
    answers.push(bytes);
  }
  expect((await place.eas(['delete', name, '-y'])).code).toBe(0);
  return answers;
}

async function tested(file: string, ...runtime: string[]): Promise<Uint8Array[]> {
  const files = requests.flatMap(([what]) => ['--request', requestFile(what)]);
  const { code, out, err } = await local.run(['test', file, ...runtime, ...files, '-o', 'json']);
  expect([code, err]).toEqual([0, '']);
  const answers = JSON.parse(out) as { body?: string; bodyBase64?: string }[];
  return answers.map(({ body, bodyBase64 }) =>
    Buffer.from(bodyBase64 ?? body!, bodyBase64 ? 'base64' : 'utf8'),
  );
}

const columns: Record<string, Column> = {
  'Local EAS, process': (name, file) => deployed(local, name, file),
  'eascmd test, process': (_, file) => tested(file, '--runtime', 'process'),
  async 'Local EAS, docker'(name, file, language) {
    const boxed = await liveLocal(['--runtime', 'docker', '--image', `eascmd-test-${language}`]);
    try {
      return await deployed(boxed, name, join(local.folder, file));
    } finally {
      await boxed.stop();
    }
  },
  'eascmd test, docker': (_, file, language) => tested(file, '--image', `eascmd-test-${language}`),
};

for (const [where, answersOf] of Object.entries(columns)) {
  describe(where, () => {
    for (const { language, tool, build } of rows) {
      const image: Tool[] = where.endsWith('docker') ? [`docker-${language}` as Tool] : [];
      // proves: test (local)
      needs(tool, ...image)(`a ${language} echo answers every request with the same bytes`, async () => {
        const name = `echo_${language}`;
        const metadata = { instance: 1, cpu: 1 };
        const service = { name, processor_type: language, ...build(temporaryFolder()), metadata };
        local.write(`${name}.json`, JSON.stringify(service));
        for (const [what, body] of requests) local.write(requestFile(what), body);
        const answers = await answersOf(name, `${name}.json`, language);
        const summary = (bytes: Uint8Array) => [bytes.byteLength, Bun.hash(bytes)];
        expect(answers.map(summary)).toEqual(requests.map(([, body]) => summary(body)));
      });
    }
  });
}
