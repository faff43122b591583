import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runComplete } from '../../src/cli/completion/complete.ts';
import { runCli } from '../../src/cli/run.ts';
import { fakeIo } from '../support/fake-io.ts';
import { type LiveLocal, liveLocal, selfCommand } from '../support/live-local.ts';
import { lacks, needs } from '../support/needs.ts';
import { hostOf } from '../support/scripted-eas.ts';

/** The bench commands in-process against a live Local EAS with a real Python processor. */
const LIMIT_MS = 90_000;
/** Keeps the bodies that it has seen, and tells them. */
const PROCESSOR = `import allspark

seen = set()

class Echo(allspark.BaseProcessor):
    def process(self, data):
        if data == b'seen?':
            return b'|'.join(sorted(seen)), 200
        if data == b'forget':
            seen.clear()
            return b'ok', 200
        seen.add(data)
        if data == b'fail':
            return b'no', 400
        return data, 200

Echo(worker_threads=4).run()
`;

let local: LiveLocal;
beforeAll(async () => {
  if (lacks('python3')) return;
  local = await liveLocal();
  local.write('echo/app.py', PROCESSOR);
  local.write(
    'service.json',
    JSON.stringify({
      name: 'echo_x',
      processor_path: './echo',
      processor_type: 'python',
      processor_entry: './app.py',
      metadata: { instance: 1, cpu: 1 },
    }),
  );
  const created = await local.eas(['create', 'service.json']);
  if (created.code !== 0) throw new Error(created.err);
}, LIMIT_MS);
afterAll(() => local?.stop());

const test = needs('python3');
const bench = (optional: object, more: object = {}) =>
  local.write(
    'bench.json',
    JSON.stringify({
      service: { serviceName: 'echo_x' },
      data: { content: 'aGVsbG8=' },
      optional: { mode: 'manual', duration: 120, ...optional },
      ...more,
    }),
  );
const eas = async (argv: string[], code = 0, stdin = '') => {
  const ran = await local.eas(['bench', ...argv], { stdin });
  expect([ran.code, ran.err.replace(/^Are you sure.*\n/, '')]).toEqual([
    code,
    code === 0 ? '' : expect.any(String),
  ]);
  return ran;
};
const created = (out: string) => /^\[OK\] Task \[(\S+)\] is creating$/m.exec(out)![1]!;
const predict = async (text: string) => (await local.eas(['predict', 'echo_x', '-d', text])).out;
const described = async (task: string) => JSON.parse((await eas(['desc', task, '-o', 'json'])).out);
const until = async (task: string, status: string) => {
  for (;;) {
    const seen = await described(task);
    if (seen.Status === status) return seen;
    if (/Failed|Error/.test(seen.Status)) throw new Error(seen.Message);
    await Bun.sleep(100);
  }
};
/** The numbers of the page that `bench report` leads to. */
async function reported(task: string) {
  const url = /report url: (http:\S+)\n$/.exec((await eas(['report', task])).out)![1]!;
  const page = await (await fetch(url)).text();
  return JSON.parse(/id="state">(.*)<\/script>/.exec(page)![1]!).data;
}

/** What the shell is told at the last word. */
async function completed(...words: string[]): Promise<string> {
  const io = fakeIo();
  const host = hostOf(['__complete', '-e', 'local', ...words], {
    homeDir: local.folder,
    cwd: local.folder,
    env: { HOME: local.folder },
  });
  await runComplete(host, io);
  return io.out();
}

// proves: bench create, bench list, bench desc, bench update, bench stop, bench report, bench start, bench delete (local)
test(
  'a task from its creation to its deletion',
  async () => {
    bench({ concurrency: 2 });
    const { out } = await eas(['create', 'bench.json']);
    const task = created(out);
    expect(out).toEndWith(
      `[OK] [Agnet: 1/1]: Benchmark task is Running\n[OK] Benchmark task is Running\n[OK] To observe realtime visualization details: eascmd -e local bench visualize ${task}\n`,
    );
    expect((await eas(['ls'])).out).toMatch(
      new RegExp(`\\| ${task} \\| eas-b-\\w+ \\| local  \\| +1 \\| Running \\|`),
    );
    expect(await completed('bench', 'stop', `=${task.slice(0, -2)}`)).toBe(`${task}\n`);
    expect(await completed('bench', 'stop', '=echo')).toBe('');
    const updated = await eas(['update', task, '-Doptional.concurrency=3', '-Doptional.agentCount=2']);
    expect(updated.out).toMatch(
      new RegExp(
        `\\[OK\\] Running \\[TaskName: ${task}, DesiredAgent:2, AvailableAgent: 2, Message: .+\\]\n`,
      ),
    );
    expect(updated.out).toEndWith(`[OK] Benchmark task ${task} was updated successfully\n`);
    expect((await eas(['desc', task])).out).toMatch(/DesiredAgent \| 2 [\s\S]+"concurrency": 3,/);
    expect((await eas(['report', task], 1)).err).toContain('its report is there when it is Stopped');
    const stopped = await eas(['stop', task], 0, 'Y\n');
    expect(stopped.out).toEndWith(
      '[OK] [Agnet: 0/2]: Benchmark task is Stopped\n[OK] Benchmark task is stopped\n',
    );
    const data = await reported(task);
    expect(data.Count).toBeGreaterThan(0);
    expect(data.StatusCode).toEqual({ 200: data.Count });
    const started = await eas(['start', task, '-y']);
    expect(started.out).toContain('[OK] [Agnet: 2/2]: Benchmark task is Running\n');
    const deleted = await eas(['delete', task], 0, 'Y\n');
    expect(deleted.out).toBe(
      `[OK] Benchmark task ${task} is Deleting\n[OK] Benchmark task was deleted successfully\n`,
    );
    expect((await eas(['desc', task], 1)).err).toContain('InvalidBenchmarkTask.NotFound');
  },
  LIMIT_MS,
);

// proves: bench visualize (local)
test(
  'the page shows the task while it runs, on this machine only, until Ctrl-C',
  async () => {
    bench({});
    const task = created((await eas(['create', 'bench.json'])).out);
    const io = fakeIo({ isTty: true, isRealTime: true });
    const { PATH } = process.env;
    const host = hostOf(['-e', 'local', 'bench', 'visualize', task], {
      homeDir: local.folder,
      cwd: local.folder,
      env: { PATH, HOME: local.folder },
      selfCommand,
    });
    const ended = runCli(host, io);
    while (!/statsview to observe/.test(io.out())) await Bun.sleep(20);
    const url = /http:\/\/127\.0\.0\.1:\d+\/eas-benchmark\/statsview/.exec(io.out())![0];
    const state = async () => (await fetch(`${url}/data`)).json() as Promise<{ data: { Count: number } }>;
    const before = (await state()).data.Count;
    while ((await state()).data.Count <= before) await Bun.sleep(100);
    io.signal('SIGINT');
    expect(await ended).toBe(130);
    expect((await described(task)).Status).toBe('Running');
    await eas(['delete', task, '-y']);
  },
  LIMIT_MS,
);

describe('the data', () => {
  const sends = async (data: object, more: object = {}) => {
    await predict('forget');
    bench({}, { data, base: { requestCount: 12 }, ...more });
    const task = created((await eas(['create', 'bench.json'])).out);
    await until(task, 'Stopped');
    return { task, seen: await predict('seen?') };
  };

  test(
    'files of this machine, the lines of them, an archive, and objects of the store',
    async () => {
      local.write('a.bin', 'one');
      local.write('data/b.bin', 'two\nthree\r\n\nfour');
      expect((await sends({ path: './a.bin, data/b.bin' })).seen).toBe('one|two\nthree\r\n\nfour');
      expect((await sends({ path: 'data/b.bin', multiLine: true })).seen).toBe('four|three|two');
      const archive = join(local.folder, 'requests.zip');
      execFileSync('python3', [
        '-c',
        `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as out:
    out.writestr('in/1.bin', b'zip \\x01\\x02')
    out.writestr('2.bin', b'zip two')`,
        archive,
      ]);
      expect((await sends({ path: archive })).seen).toBe('zip \x01\x02|zip two');
      const uploaded = await local.eas(['upload', 'requests.zip', 'a.bin']);
      const [zipped, bare] = [...uploaded.out.matchAll(/oss target path: \[(.+)\]/g)].map(([, url]) => url!);
      expect((await sends({ path: zipped })).seen).toBe('zip \x01\x02|zip two');
      expect((await sends({ path: bare })).seen).toBe('one');
    },
    LIMIT_MS,
  );

  test(
    'that a server has, and answers that are errors',
    async () => {
      using server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('fail') });
      const { task, seen } = await sends({ path: `http://127.0.0.1:${server.port}/requests.bin` });
      expect(seen).toBe('fail');
      expect((await reported(task)).StatusCode).toEqual({ 400: 12 });
    },
    LIMIT_MS,
  );

  test(
    'that is not there is the end of the creation, and says what was looked for',
    async () => {
      for (const [path, reason] of [
        ['oss://bench/none.bin', 'holds no such object'],
        ['./none.bin', 'there is no such file'],
      ] as const) {
        bench({}, { data: { path } });
        const { err } = await eas(['create', 'bench.json'], 1);
        expect(err).toMatch(/Benchmark task \[\S+\] is CreateFailed: data\.path /);
        expect(err).toContain(reason);
      }
    },
    LIMIT_MS,
  );
});
