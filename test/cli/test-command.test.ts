import { describe, expect, setDefaultTimeout } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { ECHO_CPP, ECHO_PYTHON, TestPlace } from '../support/test-place.ts';

setDefaultTimeout(60_000);

const PREFIX = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[127\.0\.0\.1\] /;
const process_ = ['--runtime', 'process'];

describe('eascmd test as a plain process', () => {
  needs('python3')('prints the documented lines in their order, then the log with its prefix', async () => {
    await using place = new TestPlace();
    place.write('m/m.txt', 'model');
    const file = place.python('test_echo', ECHO_PYTHON, { model_path: './m' });
    const test = place.start([file, ...process_]);
    const [, url] = await test.seen(
      /^\[OK\] Serving at: \[(http:\/\/localhost:\d+\/api\/predict\/test_echo)\]$/m,
    );
    const [, curl, token] = await test.seen(/Ready\. Try: (curl .* -H 'Authorization:(.*)' .*)$/m);
    expect(curl).toContain(url!);
    expect(token).toMatch(/^[A-Za-z0-9+/]{27}=$/);
    await test.seen(/\] loading$/m);
    const answer = await fetch(url!, { method: 'POST', body: 'x', headers: { Authorization: token! } });
    expect([answer.status, await answer.text()]).toEqual([200, 'echo x']);
    expect((await fetch(url!, { method: 'POST', body: 'x' })).status).toBe(401);

    test.io.signal('SIGINT');
    expect(await test.ended).toBe(130);
    await expect(fetch(url!)).rejects.toThrow();
    const lines = test.io.out().trimEnd().split('\n');
    expect(lines[0]).toBe(`[OK] Serving at: [${url}]`);
    const log = lines.slice(1).filter((line) => !line.startsWith('[OK]'));
    for (const line of log) expect(line).toMatch(PREFIX);
    const texts = log.map((line) => line.replace(PREFIX, '').replace(/\[\/.*\/ws/, '[ws'));
    expect(texts.slice(0, 6)).toEqual([
      'Fetching model from [./m]',
      'Fetching processor from [./test_echo]',
      '----------------------------SERVICE LOG--------------------------------',
      'Uncompressing model[ws/model]',
      'Uncompressing processor[ws/predictor]',
      `[INFO] Token: [${token}]`,
    ]);
    expect(place.leftovers()).toEqual([]);
  });

  needs('python3')('sends requests once it is ready and ends with their verdict', async () => {
    await using place = new TestPlace();
    const file = place.python('echo', ECHO_PYTHON);
    place.write('request.bin', 'from a file');
    const good = await place.run([file, ...process_, '-d', 'one', '--request', 'request.bin']);
    expect([good.code, good.err]).toEqual([0, '']);
    expect(good.out).toMatch(/^\[OK\] Request 1\/2: status 200, [\d.]+ ms, 8 bytes\necho one$/m);
    expect(good.out).toMatch(/^\[OK\] Request 2\/2: .*\necho from a file$/m);

    place.write('lines.txt', 'one\nfail\n');
    const bad = await place.run([file, ...process_, '--request', 'lines.txt', '--lines']);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^\[FAILED\] Request 2\/2: status 400, .*\nbad data$/m);
    expect(bad.err).toContain('1 of 2 requests failed');

    const json = await place.run([file, ...process_, '-d', 'x', '-o', 'json']);
    expect(JSON.parse(json.out)).toMatchObject([{ status: 200, body: 'echo x' }]);
    expect(place.leftovers()).toEqual([]);
  });

  needs('g++', 'python3')('gives the same bytes from C++ and Python', async () => {
    await using place = new TestPlace();
    const bytes = place.write(
      'all.bin',
      new Uint8Array(256).map((_, index) => index),
    );
    const answers: unknown[] = [];
    for (const file of [place.python('py', ECHO_PYTHON), place.cpp('cpp', ECHO_CPP)]) {
      const { out } = await place.run([
        file,
        ...process_,
        '--request',
        bytes,
        '-d',
        '模型',
        '-d',
        '',
        '-o',
        'json',
      ]);
      answers.push(
        JSON.parse(out).map(({ status, body, bodyBase64 }: Record<string, unknown>) => [
          status,
          body,
          bodyBase64,
        ]),
      );
    }
    expect(answers[1]).toEqual(answers[0]);
    expect((answers[0] as unknown[][]).map(([status]) => status)).toEqual([200, 200, 200]);
  });

  needs('python3', 'tar')(
    'takes packages from archives and from http, and a public service without a token',
    async () => {
      await using place = new TestPlace();
      place.python('pack', ECHO_PYTHON);
      execFileSync('tar', ['czf', 'pack.tar.gz', '-C', 'pack', 'app.py'], { cwd: place.folder });
      using server = Bun.serve({
        port: 0,
        hostname: '127.0.0.1',
        fetch: () => new Response(readFileSync(join(place.folder, 'pack.tar.gz'))),
      });
      const more = { processor_type: 'python', processor_entry: './app.py', token: '' };
      for (const from of ['pack.tar.gz', `http://127.0.0.1:${server.port}/pack.tar.gz?signature=x`]) {
        const file = place.describe('remote', { processor_path: from, ...more });
        const { code, out } = await place.run([file, ...process_, '-d', 'x']);
        expect([code, out.includes('Authorization')]).toEqual([0, false]);
        expect(out).toContain('echo x');
      }
    },
  );

  needs('python3')('ends with the reason and the last output when the processor crashes', async () => {
    await using place = new TestPlace();
    const file = place.python('crash', ECHO_PYTHON);
    const { code, err } = await place.run([file, ...process_, '-d', 'segv']);
    expect(code).toBe(1);
    expect(err).toContain('SIGSEGV');
    expect(err).toContain('about to crash');
    expect(place.leftovers()).toEqual([]);
  });

  needs('python3')('starts again when a file changes, on the same port, also after a mistake', async () => {
    await using place = new TestPlace();
    const file = place.python('watched', ECHO_PYTHON);
    const test = place.start([file, ...process_, '--watch']);
    const [, url] = await test.seen(/Serving at: \[(.*)\]/);
    const [, token] = await test.seen(/Authorization:([^']*)'/);
    const ask = async () =>
      (await fetch(url!, { method: 'POST', body: 'x', headers: { Authorization: token! } })).text();
    expect(await ask()).toBe('echo x');
    place.write('watched/app.py', 'import nonsense_that_is_not_there\n');
    await test.seen(/\[OK\] Files have changed/);
    while (!test.io.err().includes('Waiting for a change')) await Bun.sleep(20);
    expect(test.io.err()).toContain('nonsense_that_is_not_there');
    place.write('watched/app.py', ECHO_PYTHON.replace("b'echo '", "b'second '"));
    await test.seen(/Files have changed[\s\S]*Files have changed[\s\S]*Ready\. Try/);
    expect(await ask()).toBe('second x');
    test.io.signal('SIGTERM');
    expect(await test.ended).toBe(143);
    expect(place.leftovers()).toEqual([]);
  });

  needs('python3')('stops at once and leaves nothing, at each step of the start', async () => {
    await using place = new TestPlace();
    const slow = 'import time\nprint("begun", flush=True)\ntime.sleep(600)\n';
    const file = place.python('slow', slow);
    for (const step of [undefined, /Serving at/, /\] begun$/m]) {
      const test = place.start([file, ...process_]);
      if (step) await test.seen(step);
      else await Bun.sleep(0);
      test.io.signal('SIGINT');
      expect(await test.ended).toBe(130);
      expect(place.leftovers()).toEqual([]);
    }
  });

  needs('python3')('shows as much of a flood as the terminal takes, and still answers', async () => {
    await using place = new TestPlace();
    const flood = ECHO_PYTHON.replace(
      "print('loading', flush=True)",
      `import threading
        line = b'x' * 65535 + b'\\n'
        threading.Thread(target=lambda: [os.write(1, line) for _ in range(400)], daemon=True).start()`,
    );
    const { code, out } = await place.run([place.python('flood', flood), ...process_, '-d', 'x']);
    expect(code).toBe(0);
    expect(out).toContain('echo x');
  });
});

describe('eascmd test refuses', () => {
  const cases: [string, Record<string, unknown>, string[], number, RegExp][] = [
    [
      'a preset processor',
      { processor: 'pmml', model_path: 'm' },
      [],
      2,
      /:\d+:\d+: the preset processor "pmml" can't be run by eascmd test/,
    ],
    [
      'a description without processor_path',
      { processor_type: 'cpp', processor_entry: 'l.so' },
      [],
      2,
      /"processor_path" is missing/,
    ],
    [
      'an object store address while nothing is configured',
      { processor_type: 'python', processor_entry: 'app.py', processor_path: 'oss://bucket/k' },
      [],
      4,
      /nothing is configured yet/,
    ],
    [
      'a package that is not there',
      { processor_type: 'python', processor_entry: 'app.py', processor_path: './nope' },
      [],
      1,
      /\.\/nope does not exist/,
    ],
    [
      'an entry that is not in the package',
      { processor_type: 'python', processor_entry: 'ap.py', processor_path: './echo' },
      [],
      1,
      /"ap\.py" is not in \.\/echo, which holds app\.py[\s\S]*did you mean "app\.py"/,
    ],
    [
      'an unknown runtime',
      {},
      ['--runtime', 'podman'],
      2,
      /--runtime "podman" is unknown[\s\S]*use docker or process/,
    ],
    [
      'an image without docker',
      {},
      ['--image', 'debian', '--runtime', 'process'],
      2,
      /--image is for --runtime docker/,
    ],
    ['requests under --watch', {}, ['--watch', '-d', 'x'], 2, /--watch and --request/],
  ];
  for (const [name, document, args, code, message] of cases) {
    needs()(name, async () => {
      await using place = new TestPlace();
      place.python('echo', ECHO_PYTHON);
      const file = place.describe('bad', document);
      const runtime = args.includes('--runtime') ? [] : process_;
      const ran = await place.run([file, ...args, ...runtime]);
      expect(ran.err).toMatch(message);
      expect(ran.code).toBe(code);
      expect(place.leftovers()).toEqual([]);
    });
  }

  needs('python3')('a port that is taken', async () => {
    await using place = new TestPlace();
    using taken = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } }) as unknown as {
      port: number;
    } & Disposable;
    const { code, err } = await place.run([
      place.python('echo', ECHO_PYTHON),
      ...process_,
      '--port',
      String(taken.port),
    ]);
    expect(code).toBe(1);
    expect(err).toContain(`127.0.0.1:${taken.port}`);
  });

  needs('python3')('a processor that can not be imported, with its traceback', async () => {
    await using place = new TestPlace();
    const { code, err } = await place.run([place.python('bad', 'import not_there_at_all\n'), ...process_]);
    expect(code).toBe(1);
    expect(err).toContain("No module named 'not_there_at_all'");
  });

  needs('g++')('a library that lacks a symbol, and one whose initialize fails', async () => {
    await using place = new TestPlace();
    const lacking = place.cpp('lacking', ECHO_CPP.replace('int process(', 'int proces('));
    expect((await place.run([lacking, ...process_])).err).toContain('does not export process');
    const failing = place.cpp('failing', ECHO_CPP.replace('*state = 0', '*state = 7'));
    const { code, err } = await place.run([failing, ...process_]);
    expect([code, err.includes('7')]).toEqual([1, true]);
  });
});
