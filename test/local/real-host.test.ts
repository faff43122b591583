import { afterAll, beforeAll, expect } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import OSS from 'ali-oss';
import { readLocalCredentials } from '../../src/local/launch.ts';
import { needs } from '../support/needs.ts';
import { fakeHost, LocalUnderTest, temporaryDirectory } from './support.ts';

/** Local EAS with the real processor host: what the other tests do with fake workers is wired to the real ones. */
const root = resolve(import.meta.dir, '../..');
const host = { ...fakeHost(), selfCommand: [process.execPath, '--no-install', join(root, 'src/main.ts')] };
const LIMIT_MS = 60_000;
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

const python = (change: Record<string, unknown>) => ({
  processor_type: 'python',
  processor_entry: './app.py',
  metadata: { instance: 1 },
  ...change,
});

pythonTest(
  'a processor uploaded with ali-oss is prepared, run, called, updated under load and removed',
  async () => {
    const first = await put('one/app.py', processor('b"one " + data'));
    await local.call('POST', 'services', {}, { name: 'answer', ...python({ processor_path: first }) });
    const { AccessToken } = await local.until('answer', 'Running');
    expect(await local.post('answer', AccessToken, 'x')).toEqual({ status: 200, text: 'one x' });

    let isOver = false;
    const answers = new Set<string>();
    const clients = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const { status, text } = await local.post('answer', AccessToken, 'x');
        answers.add(`${status} ${text}`);
      }
    });
    const second = await put('two/app.py', processor('b"two " + data'));
    await local.call('PUT', 'services/local/answer', {}, python({ processor_path: second }));
    await local.until('answer', 'Running');
    await local.call('PUT', 'services/local/answer/version', {}, { Version: 1 });
    await local.until('answer', 'Running');
    isOver = true;
    await Promise.all(clients);
    expect([...answers].sort()).toEqual(['200 one x', '200 two x']);
    await local.call('DELETE', 'services/local/answer');
    await local.gone('answer');
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
