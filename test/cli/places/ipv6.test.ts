import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveLocal, liveLocal } from '../../support/live-local.ts';
import { lacks, needs } from '../../support/needs.ts';

const app = `import allspark

class Echo(allspark.BaseProcessor):
    def process(self, data):
        return b'six ' + data, 200

Echo(worker_threads=1).run()
`;

/** Everything at an address in brackets: API, object store, gateway, packages. */
describe('Local EAS on ::1', () => {
  let local: LiveLocal | undefined;
  let endpoint = '';
  let keys: string[] = [];
  beforeAll(async () => {
    if (lacks('ipv6')) return;
    local = await liveLocal(['--bind', '::1']);
    const status = await local.run(['local', 'status', '-o', 'json']);
    endpoint = JSON.parse(status.out).apiUrl;
    const path = join(local.folder, '.eas/local/credentials.json');
    const { accessKeyId, accessKeySecret } = JSON.parse(readFileSync(path, 'utf8'));
    keys = ['-i', accessKeyId, '-k', accessKeySecret];
  });
  afterAll(() => local?.stop());
  const at = (...argv: string[]) => local!.run([...keys, '-e', endpoint, ...argv]);

  needs('ipv6')('answers the API and takes uploads', async () => {
    expect(endpoint).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await at('ls')).toMatchObject({ code: 0, err: '' });
    local!.write('app.py', app);
    const { code, out, err } = await at('upload', 'app.py');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/oss endpoint: {4}\[http:\/\/\[::1\]:\d+\]/);
  });

  needs('ipv6')('is found without scheme too', async () => {
    const host = endpoint.replace('http://', '');
    expect(await local!.run(['-e', host, 'ls'])).toMatchObject({ code: 0, err: '' });
  });

  needs('ipv6', 'python3')(
    'serves predictions',
    async () => {
      local!.write('app.py', app);
      const { out } = await at('upload', 'app.py');
      const document = {
        name: 'six',
        processor_path: /path: \[(.*)\]/.exec(out)![1],
        processor_type: 'python',
        processor_entry: 'app.py',
        metadata: { instance: 1, cpu: 1 },
      };
      local!.write('six.json', JSON.stringify(document));
      expect(await at('create', 'six.json')).toMatchObject({ code: 0, err: '' });
      const answer = await at('predict', 'six', '-d', 'hello');
      expect(answer).toMatchObject({ code: 0, out: 'six hello', err: '' });
    },
    60_000,
  );

  needs('ipv6')('an address where nothing listens is named in brackets', async () => {
    const { code, err } = await local!.run([...keys, '-e', 'http://[::1]:1', 'ls'], {
      env: { EAS_REGION: 'cn-shanghai' },
    });
    expect(code).toBe(1);
    expect(err).toContain('nothing listens at http://[::1]:1');
  });
});
