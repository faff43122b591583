import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { warmUpFile, warmUpRequests } from '../../src/core/worker/warm-up.ts';
import { prepareWorkspace } from '../../src/worker/prepare/workspace.ts';
import { needs } from '../support/needs.ts';
import { PYTHON_APP } from './apps.ts';
import { RunningHost } from './host.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

setDefaultTimeout(60_000);
const pythonTest = needs('python3');

/** Counts what it is asked; `seen:` tells. */
const COUNTING = PYTHON_APP.replace(
  'verb, _, rest = data.partition(b":")',
  `verb, _, rest = data.partition(b":")
        if verb == b"seen":
            return b"|".join(self.seen), 200
        self.seen = getattr(self, "seen", []) + [data]`,
);

function host(file: string, requests: string, app = COUNTING): RunningHost {
  const workspace = writeFiles(join(temporaryFolder(), 'ws'), {
    'predictor/app/app.py': app,
    [file]: requests,
  });
  return new RunningHost({ workspace, warmUp: file, limits: { crashBlock: true } });
}

describe('warm_up_data_path', () => {
  pythonTest('every line of a text is answered before the instance is ready', async () => {
    const running = host('model/warm_up.txt', 'one\n\n模型\r\n');
    await running.event('ready');
    expect(await running.text('seen:')).toEqual([200, 'one|模型']);
    expect(running.log()).toMatch(/warm-up: 2 requests answered in \d+ ms\n.*service start successfully/);
    const counted = await fetch(await running.url('/api/builtin/realtime_metrics'));
    expect(await counted.json()).toContainEqual({ name: 'requests', value: 1 });
  });

  pythonTest('any other file is one request; nobody is served meanwhile', async () => {
    const app = COUNTING.replace('self.seen = ', 'time.sleep(1)\n        self.seen = ');
    const running = host('model/warm_up.bin', 'a\nb\n', app);
    await running.event('listening');
    while (!running.log().includes('loading the model')) await Bun.sleep(20);
    expect((await running.text('early'))[0]).toBe(503);
    await running.event('ready');
    expect(await running.text('seen:')).toEqual([200, 'a\nb\n']);
  });

  pythonTest('one that is not answered 200 fails the start, and is told', async () => {
    const running = host('model/warm_up.txt', 'good\nraise:no such feature\n');
    const { message, willRestart } = await running.event('exited');
    expect(message).toStartWith('warm-up request 2 of 2 was answered with status 400: no such feature');
    expect(willRestart).toBe(false);
    expect(running.events.some(({ type }) => type === 'ready')).toBe(false);
    expect((await running.text('x'))[0]).toBe(503);
  });

  pythonTest('a crash under it is told as the crash', async () => {
    const running = host('model/warm_up.txt', 'exit:7\n');
    expect((await running.event('exited')).message).toStartWith(
      'the processor exited with code 7 while loading: leaving now',
    );
  });

  test('the file is laid beside the model, as it is', async () => {
    const folder = temporaryFolder();
    const files = writeFiles(temporaryFolder(), {
      'app.py': '',
      'm.txt': 'model',
      'data.tar.gz': 'no archive',
    });
    const source = (name: string) => ({ location: join(files, name), name, shown: name });
    const spec = {
      workspace: join(folder, 'ws'),
      processor: source('app.py'),
      model: source('m.txt'),
      warmUp: source('data.tar.gz'),
      maxUnpackedBytes: 1e9,
    };
    await prepareWorkspace(spec, () => {});
    expect(readFileSync(join(folder, 'ws/model/warm_up.bin'), 'utf8')).toBe('no archive');
    expect(readFileSync(join(folder, 'ws/model/m.txt'), 'utf8')).toBe('model');
    const absent = { ...spec, workspace: join(folder, 'ws2'), warmUp: source('absent.bin') };
    await expect(prepareWorkspace(absent, () => {})).rejects.toThrow('absent.bin does not exist');
  });

  test.each([
    ['./warm.bin', 'model/warm_up.bin'],
    ['oss://b/warm_up.TXT', 'model/warm_up.txt'],
    ['http://h/lines.txt?sign=a.bin', 'model/warm_up.txt'],
    ['http://h/one?file=x.txt', 'model/warm_up.bin'],
  ])('%s lands at %s', (address, file) => expect(warmUpFile(address)).toBe(file));

  test('an empty text asks nothing', () => {
    expect(warmUpRequests('model/warm_up.txt', new Uint8Array(0))).toEqual([]);
    expect(warmUpRequests('model/warm_up.bin', new Uint8Array(0))).toHaveLength(1);
  });
});
