import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { cpSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownBinary } from '../../scripts/build/config.ts';
import { BinaryPlace } from '../support/binary/place.ts';
import { needs } from '../support/needs.ts';

const examples = resolve(import.meta.dir, '../../examples/dataworks');
/** Line ends and tabs are text; everything else below a space moves cursors or colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;

/** The scripts of examples/dataworks as a scheduler runs them (eascmd.md 7). The steps build on each other. */
describe('a scheduled job', () => {
  let place: BinaryPlace;
  let files: Bun.Server<undefined>;
  let keys: { accessKeyId: string; accessKeySecret: string };
  let apiUrl: string;
  let runs = 0;

  beforeAll(async () => {
    place = new BinaryPlace();
    cpSync(examples, join(place.folder, 'job'), { recursive: true });
    mkdirSync(join(place.folder, 'out'));
    await place.startLocal();
    const status = await place.must(['local', 'status', '-o', 'json']);
    apiUrl = JSON.parse(status.stdout).apiUrl;
    keys = JSON.parse(readFileSync(join(place.home, '.eas/local/credentials.json'), 'utf8'));
    const models: Record<string, string> = {
      '/monday/greeting.txt': 'good',
      '/tuesday/greeting.txt': 'better',
    };
    files = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === '/app.py') return new Response(Bun.file(join(examples, 'app.py')));
        if (pathname === '/broken/app.py') return new Response('raise RuntimeError("bad day")\n');
        const model = models[pathname];
        return model ? new Response(model) : new Response('no', { status: 404 });
      },
    });
  });
  afterAll(async () => {
    void files?.stop(true);
    await place?.[Symbol.asyncDispose]();
  });

  /** `sh -e <script>` without terminal or HOME, both streams in one file. */
  async function job(script: string, settings: Record<string, string>) {
    const logFile = join(place.folder, 'out', `run-${++runs}.log`);
    const log = openSync(logFile, 'w');
    const base = `http://127.0.0.1:${files.port}`;
    const child = Bun.spawn(['sh', '-e', join(place.folder, 'job', script)], {
      cwd: place.work,
      stdin: 'ignore',
      stdout: log,
      stderr: log,
      env: {
        PATH: process.env.PATH,
        EASCMD: ownBinary,
        KEY_ID: keys.accessKeyId,
        KEY_SECRET: keys.accessKeySecret,
        ENDPOINT: apiUrl,
        SERVICE: 'greeter',
        MODEL_URL: `${base}/monday/greeting.txt`,
        PROCESSOR_URL: `${base}/app.py`,
        QUESTION: 'morning',
        ANSWER: 'good morning',
        ...settings,
      },
    });
    const code = await child.exited;
    const text = readFileSync(logFile, 'utf8');
    expect(text).not.toMatch(CONTROL);
    expect(text).not.toContain(keys.accessKeySecret);
    return { code, text, base };
  }
  const url = (path: string) => `http://127.0.0.1:${files.port}${path}`;
  const versions = async () => {
    const { stdout } = await place.must(['-e', 'local', 'desc', 'greeter', '-o', 'json']);
    const { CurrentVersion, LatestVersion, Status } = JSON.parse(stdout);
    return { CurrentVersion, LatestVersion, Status };
  };

  const step = needs('python3', 'linux');
  step('creates the service on its first run', async () => {
    const { code, text } = await job('first-run.sh', {});
    expect(text).toEndWith('[OK] Service is running\n');
    expect(code).toBe(0);
    expect((await job('check.sh', {})).code).toBe(0);
  });

  step('fails on a second first run, since the name is taken', async () => {
    const { code, text } = await job('first-run.sh', {});
    expect(code).toBe(1);
    expect(text).toContain('greeter');
    expect(text).toMatch(/\(Code: \S+, HTTP 409, RequestId: \S+\)/);
  });

  step('adds a version each day', async () => {
    const settings = { MODEL_URL: url('/tuesday/greeting.txt'), ANSWER: 'better morning' };
    const { code, text } = await job('daily-run.sh', settings);
    expect(text).toEndWith('check: the answer is right\ndaily run: the new version serves\n');
    expect(code).toBe(0);
    expect(await versions()).toEqual({ CurrentVersion: 2, LatestVersion: 2, Status: 'Running' });
  });

  step('rolls back a version that answers wrongly', async () => {
    const settings = { MODEL_URL: url('/tuesday/greeting.txt'), ANSWER: 'good morning' };
    const { code, text } = await job('daily-run.sh', settings);
    expect(text).toContain("check: expected 'good morning', got 'better morning'");
    expect(code).toBe(1);
    expect(await versions()).toEqual({ CurrentVersion: 1, LatestVersion: 3, Status: 'Running' });
    expect((await job('check.sh', {})).code).toBe(0);
  });

  step('rolls back a version whose code fails, with the reason in the log', async () => {
    const { code, text } = await job('daily-run.sh', {
      PROCESSOR_URL: url('/broken/app.py'),
    });
    expect(code).toBe(1);
    expect(text).toContain('RuntimeError: bad day');
    expect(text).toContain('daily run: back to version 1');
    expect(await versions()).toMatchObject({ CurrentVersion: 1, Status: 'Running' });
  });

  step('rolls back a model that is not there', async () => {
    const { code, text } = await job('daily-run.sh', { MODEL_URL: url('/sunday/greeting.txt') });
    expect(code).toBe(1);
    expect(text).toContain("can't be downloaded: the server answered 404");
    expect(await versions()).toMatchObject({ CurrentVersion: 1, Status: 'Running' });
  });

  step('ends with 4 when its key is wrong, and changes nothing', async () => {
    const before = await versions();
    const { code } = await job('check.sh', { KEY_SECRET: 'wrong' });
    expect(code).not.toBe(0);
    const first = await job('first-run.sh', { KEY_SECRET: 'wrong', SERVICE: 'other' });
    expect(first.code).toBe(4);
    expect(await versions()).toEqual(before);
  });

  step('ends with 2 and line and column when its here-document is broken', async () => {
    const { code, text } = await job('first-run.sh', { SERVICE: 'a"b' });
    expect(code).toBe(2);
    expect(text).toMatch(/service\.json:2:\d+/);
    rmSync(join(place.work, 'service.json'));
  });
});
