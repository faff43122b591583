import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import { needs } from '../support/needs.ts';

/** The whole life of a service, command by command, against a live Local EAS. The steps build on each other. */
const step = needs('python3');

const app = (answer: string) => `import allspark


class EchoProcessor(allspark.BaseProcessor):
    def initialize(self):
        pass

    def process(self, data):
        return ${answer}, 200


if __name__ == '__main__':
    EchoProcessor(worker_threads=2).run()
`;

const description = (target: string) =>
  JSON.stringify({
    name: 'echo',
    processor_path: target,
    processor_type: 'python',
    processor_entry: './app.py',
    metadata: { instance: 1, cpu: 1, memory: 500 },
  });

let local: LiveLocal;
const table = (out: string) =>
  out
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

describe('a service from upload to delete', () => {
  // proves: local start, local status (local)
  step('local start makes -e local work without keys', async () => {
    const { code, out } = await local.run(['local', 'status']);
    expect(code).toBe(0);
    const credentials = JSON.parse(readFileSync(join(local.folder, '.eas/local/credentials.json'), 'utf8'));
    expect(out).not.toContain(credentials.accessKeySecret);
    expect(out).toContain(join(local.folder, '.eas/local/credentials.json'));
  });

  // proves: config (local)
  step('config -e local saves the target', async () => {
    const saved = await local.run(['config', '-e', 'local']);
    expect(saved.out).toBe(`Configuration saved to: ${join(local.folder, '.eas/config')}\n`);
    const shown = await local.run(['config', 'show']);
    expect(table(shown.out)).toContainEqual(['endpoint', 'local', 'file', join(local.folder, '.eas/config')]);
  });

  step('ls shows an empty region', async () => {
    const { code, out, err } = await local.run(['ls']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\[RequestId\]: [0-9A-F-]{36}\n\+-/);
  });

  // proves: upload (local)
  step('upload prints where the package is', async () => {
    local.write('echo/app.py', app('data'));
    const { code, out, err } = await local.run(['upload', 'echo/app.py']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^\[OK\] oss endpoint: {4}\[http:\/\/127\.0\.0\.1:\d+\]\n\[OK\] oss target path: \[oss:\/\/eas-model-local\/\d{16}\/echo\/app\.py\]\nSucceed: Total num: 1, size: \d+\. OK num: 1\(upload 1 files\)\.\n$/,
    );
    const target = /\[(oss:.*)\]/.exec(out)![1]!;
    local.write('echo.json', description(target));
  });

  step('create waits until it runs', async () => {
    const { code, out, err } = await local.run(['create', 'echo.json']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\[RequestId\]: [0-9A-F-]{36}\n/);
    const rows = Object.fromEntries(table(out));
    expect(rows['Intranet Endpoint'] ?? rows['Internet Endpoint']).toMatch(/\/api\/predict\/echo$/);
    expect(rows.Token).toMatch(/^[A-Za-z0-9+/]{54}==$/);
    expect(out).toEndWith('[OK] Service is running\n');
  });

  // proves: list, desc, showworkers (local)
  step('ls, w and desc show it', async () => {
    const [, listed] = table((await local.run(['ls'])).out);
    expect([listed![0], listed![1], listed![2], listed![5], listed![7]]).toEqual([
      'echo',
      'local',
      '1',
      'Running',
      '/api/predict/echo',
    ]);
    const workers = (await local.run(['w', 'echo'])).out;
    expect(workers).toContain('| [1/1] |');
    const rows = Object.fromEntries(table((await local.run(['desc', 'echo'])).out));
    expect(rows).toMatchObject({
      Status: 'Running',
      ServiceName: 'echo',
      CurrentVersion: '1',
      Memory: '500M',
    });
  });

  // proves: predict (local)
  step('predict sends data from the command line, a file and a pipe', async () => {
    const bytes = new Uint8Array([0, 255, 10, 13, 128]);
    local.write('data.bin', bytes);
    expect((await local.run(['predict', 'echo', '-d', 'two words'])).out).toBe('two words');
    expect([...(await local.run(['predict', 'echo', '-f', 'data.bin'])).bytes]).toEqual([...bytes]);
    expect((await local.run(['predict', 'echo'], { stdin: 'from a pipe\n' })).out).toBe('from a pipe\n');
    const json = JSON.parse((await local.run(['predict', 'echo', '-d', 'x', '-o', 'json'])).out);
    expect(json).toMatchObject({ status: 200, body: 'x' });
  });

  step('predict --lines answers in order', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const stdin = `${lines.join('\n')}\n`;
    const { out } = await local.run(['predict', 'echo', '--lines', '--concurrency', '8'], { stdin });
    expect(out).toBe(stdin);
  });

  step('modify -D scales', async () => {
    const { code, out } = await local.run(['modify', 'echo', '-Dmetadata.instance=2']);
    expect(code).toBe(0);
    expect(out).toEndWith('[OK] Service is running\n');
    expect((await local.run(['w', 'echo'])).out.match(/\[1\/1\]/g)).toHaveLength(2);
  });

  step('modify -s with -D adds a version, and the assignment wins', async () => {
    local.write('upper/app.py', app('data.upper()'));
    local.write('upper.json', description('./upper/app.py'));
    const { code } = await local.run(['modify', 'echo', '-s', 'upper.json', '-Dmetadata.memory=700']);
    expect(code).toBe(0);
    const rows = Object.fromEntries(table((await local.run(['desc', 'echo'])).out));
    expect(rows).toMatchObject({ CurrentVersion: '2', LatestVersion: '2', Memory: '700M' });
    expect((await local.run(['predict', 'echo', '-d', 'loud'])).out).toBe('LOUD');
  });

  step('version goes back', async () => {
    const { code, out } = await local.run(['version', '-f', 'echo', '1']);
    expect(code).toBe(0);
    expect(out).toEndWith('[OK] Service is running\n');
    expect((await local.run(['predict', 'echo', '-d', 'quiet'])).out).toBe('quiet');
  });

  // proves: start, stop (local)
  step('stop and start', async () => {
    expect((await local.run(['stop', 'echo'])).out).toEndWith('[OK] Service is stopped\n');
    const refused = await local.run(['predict', 'echo', '-d', 'x']);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('503');
    expect((await local.run(['start', 'echo'])).out).toEndWith('[OK] Service is running\n');
    expect((await local.run(['predict', 'echo', '-d', 'again'])).out).toBe('again');
  });

  step('logs and events tell what happened', async () => {
    expect((await local.run(['events', 'echo'])).out).toContain('| Normal');
    expect((await local.run(['logs', 'echo'])).code).toBe(0);
  });

  // proves: delete (local)
  step('delete with a piped answer', async () => {
    const { code, out, err } = await local.run(['delete', 'echo'], { stdin: 'Y\n' });
    expect(code).toBe(0);
    expect(err).toContain('Are you sure to delete the service [echo] in [local]? [Y/n]');
    expect(out).toContain('[OK] Service [echo] in region [local] is terminating\n');
    expect(out).toEndWith('[OK] Service was deleted successfully\n');
    expect((await local.run(['desc', 'echo'])).code).toBe(1);
  });
});
