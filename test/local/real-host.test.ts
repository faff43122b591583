import { afterAll, beforeAll, expect } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import OSS from 'ali-oss';
import { readLocalCredentials } from '../../src/local/launch.ts';
import { needs } from '../support/needs.ts';
import { fakeHost, LocalUnderTest, temporaryDirectory } from './support.ts';

/** Local EAS with the real processor host: what the other tests do with fake workers is wired to the real ones. */
const root = resolve(import.meta.dir, '../..');
const host = { ...fakeHost(), selfCommand: [process.execPath, '--no-install', join(root, 'src/main.ts')] };
const LIMIT_MS = 180_000;
const pythonTest = needs('python3');

let local: LocalUnderTest;
beforeAll(async () => {
  local = await new LocalUnderTest(temporaryDirectory(), host).start();
});
afterAll(() => local.end());

async function put(key: string, text: string): Promise<string> {
  const { accessKeyId, accessKeySecret } = (await readLocalCredentials(local.dataDir))!;
  const bucket = 'eas-model-local';
  const client = new OSS({
    accessKeyId,
    accessKeySecret,
    bucket,
    endpoint: local.info.objectStoreUrl,
    region: 'oss-local',
    refreshSTSTokenInterval: 3_600_000,
    refreshSTSToken: () => Promise.reject(new Error('no token is refreshed in a test')),
  });
  await client.put(key, Buffer.from(text));
  return `oss://${bucket}/${key}`;
}

const processor = (answer: string) => `import allspark

class Answer(allspark.BaseProcessor):
    def process(self, data):
        return ${answer}, 200

if __name__ == "__main__":
    Answer(worker_threads=2).run()
`;

/** Asks without a pause from several clients while `changes` go on, and once more after them: all different answers. */
async function underLoad(service: string, token: string, changes: () => Promise<void>): Promise<string[]> {
  let isOver = false;
  const answers = new Set<string>();
  const ask = async () => {
    const { status, text } = await local
      .post(service, token, 'x')
      .catch((error) => ({ status: 0, text: String(error) }));
    answers.add(`${status} ${text}`);
  };
  const clients = Array.from({ length: 8 }, async () => {
    while (!isOver) await ask();
    await ask();
  });
  try {
    await changes();
  } finally {
    isOver = true;
    await Promise.all(clients);
  }
  return [...answers].sort();
}

const python = (change: Record<string, unknown>) => ({
  processor_type: 'python',
  processor_entry: './app.py',
  metadata: { instance: 2 },
  ...change,
});

pythonTest(
  'a processor uploaded with ali-oss is prepared, run, called, updated under load and removed',
  async () => {
    const first = await put('one/app.py', processor('b"one " + data'));
    await local.call('POST', 'services', {}, { name: 'answer', ...python({ processor_path: first }) });
    const { AccessToken } = await local.until('answer', 'Running');
    expect(await local.post('answer', AccessToken, 'x')).toEqual({ status: 200, text: 'one x' });

    const second = await put('two/app.py', processor('b"two " + data'));
    const answers = await underLoad('answer', AccessToken, async () => {
      await local.call('PUT', 'services/local/answer', {}, python({ processor_path: second }));
      await local.until('answer', 'Running');
      await local.call('PUT', 'services/local/answer/version', {}, { Version: 1 });
      await local.until('answer', 'Running');
    });
    expect(answers).toEqual(['200 one x', '200 two x']);
    await local.call('DELETE', 'services/local/answer');
    await local.gone('answer');
  },
  LIMIT_MS,
);

const library = (answer: string) => `#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
extern "C" void *initialize(const char *, const char *, int *state) { *state = 0; return nullptr; }
extern "C" int process(void *, const void *in, int size, void **out, int *out_size) {
  usleep(3000);
  std::string text = "${answer} " + std::string((const char *)in, size);
  *out = malloc(text.size());
  memcpy(*out, text.data(), text.size());
  *out_size = text.size();
  return 200;
}
`;

function compile(answer: string): string {
  const folder = join(local.dataDir, answer);
  mkdirSync(folder);
  const source = join(folder, 'answer.cpp');
  writeFileSync(source, library(answer));
  const path = join(folder, 'libanswer.so');
  execFileSync('g++', ['-O1', '-shared', '-fPIC', '-o', path, source]);
  return path;
}

needs('g++')(
  'a C++ processor with two instances loses no request over a new version, the way back, a scaling and a restart',
  async () => {
    const cpp = (path: string) => ({
      processor_path: path,
      processor_type: 'cpp',
      processor_entry: 'libanswer.so',
    });
    const [first, second] = [compile('one'), compile('two')];
    await local.call('POST', 'services', {}, { name: 'native', metadata: { instance: 2 }, ...cpp(first) });
    const { AccessToken } = await local.until('native', 'Running');
    const change = async (path: string, body?: object) => {
      await local.call('PUT', `services/local/native${path}`, {}, body);
      await local.until('native', 'Running');
    };
    const answers = await underLoad('native', AccessToken, async () => {
      await change('', cpp(second));
      await change('/version', { Version: 1 });
      await change('', { metadata: { instance: 1 } });
      await change('', { metadata: { instance: 3 } });
      await change('/restart');
    });
    expect(answers).toEqual(['200 one x', '200 two x']);
    await local.call('DELETE', 'services/local/native');
    await local.gone('native');
  },
  LIMIT_MS,
);

pythonTest(
  'a processor that can not be imported makes the service Failed with the last lines it printed',
  async () => {
    const path = join(local.dataDir, 'app.py');
    writeFileSync(path, 'import nothing_like_this\n');
    await local.call('POST', 'services', {}, { name: 'unloadable', ...python({ processor_path: path }) });
    const { Message } = await local.until('unloadable', 'Failed');
    expect(Message).toContain("No module named 'nothing_like_this'");
    const [instance] = await local.instances('unloadable');
    expect(instance!.RestartCount).toBeGreaterThanOrEqual(3);
    const query = { InstanceName: instance!.InstanceName };
    const { Logs } = await local.call('GET', 'services/local/unloadable/logs', query);
    expect(Logs.join('\n')).toContain("No module named 'nothing_like_this'");
  },
  LIMIT_MS,
);

pythonTest(
  'a package that is missing, or no archive, is named in the message',
  async () => {
    const missing = python({ processor_path: 'oss://eas-model-local/nowhere/app.tar.gz' });
    await local.call('POST', 'services', {}, { name: 'missing', ...missing });
    expect((await local.until('missing', 'Failed')).Message).toContain(
      'oss://eas-model-local/nowhere/app.tar.gz',
    );
    const broken = await put('broken.tar.gz', 'this is no archive');
    await local.call('POST', 'services', {}, { name: 'broken', ...python({ processor_path: broken }) });
    expect((await local.until('broken', 'Failed')).Message).toContain('broken.tar.gz');
  },
  LIMIT_MS,
);
