import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import { type LiveLocal, liveLocal, type Ran, type RunOptions } from '../support/live-local.ts';
import { needs } from '../support/needs.ts';

/** Bad input, each with its clear error and exit code (issue 2); what is said, and that no stack is shown. */
let local: LiveLocal;

beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

function expectError(ran: Ran, code: number, ...parts: string[]): void {
  expect(ran.err).toStartWith('[ERROR] ');
  for (const part of parts) expect(ran.err).toContain(part);
  expect(ran.err).not.toMatch(/^\s+at /m);
  expect([ran.code, ran.out]).toEqual([code, '']);
}

const run = (argv: string[], options?: RunOptions) => local.run(argv, options);
const eas = (argv: string[], options?: RunOptions) => local.eas(argv, options);
const cloud = ['-i', 'LTAIxxxx', '-k', 'secret-of-mine'];

describe('who and where', () => {
  test('no configuration: exit 4 and the two ways on', async () => {
    expectError(await run(['ls']), 4, 'nothing is configured', 'eascmd config -i', '-e local');
  });

  test('half a pair of keys', async () => {
    expectError(await run(['-i', 'LTAIxxxx', 'ls']), 4, '-i', 'secret is missing');
  });

  test('wrong AccessKey', async () => {
    expectError(await eas([...cloud, 'ls']), 4, 'InvalidAccessKeyId.NotFound', 'RequestId: ');
  });

  test('unknown region: did you mean', async () => {
    expectError(await run([...cloud, '-e', 'cn-shangai', 'ls']), 2, 'cn-shangai', 'cn-shanghai');
  });

  test('an endpoint that is none', async () => {
    expectError(await run([...cloud, '-e', 'http://', 'ls']), 2, 'http://');
  });

  test('unreachable endpoint', async () => {
    const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const { port } = listener;
    listener.stop(true);
    const ran = await run([...cloud, '-e', `http://127.0.0.1:${port}`, 'ls'], {
      env: { EAS_REGION: 'cn-shanghai' },
    });
    expectError(ran, 1, `127.0.0.1:${port}`);
    expect(ran.err).not.toContain('secret-of-mine');
  });
});

describe('the command line', () => {
  test.each([
    [['creat', 'x.json'], "Unknown command 'creat'", 'Did you mean create?'],
    [['local', 'strat'], "Unknown command 'strat'", 'Did you mean start?'],
    [['local'], 'Which command?', 'eascmd local --help'],
    [['delete', 'x', '--timout', '3s'], "Unknown option '--timout'", 'Did you mean --timeout?'],
    [['desc'], "Missing required argument 'service_name'", 'eascmd'],
    [['ls', 'extra'], 'takes no argument but a place in the object store', 'eascmd ls'],
    [['-o', 'yaml', 'ls'], '--output "yaml" is unknown', 'text or json'],
    [['wait', 'x', '--timeout', 'soon'], '--timeout "soon" is not a duration', '30s'],
    [['local', 'start', '--port', '70000'], '--port "70000" is not a whole number', '65535'],
    [['create', 'x.json', '--timeout', 'soon'], '--timeout "soon" is not a duration', '30s'],
    [['config', 'shwo'], 'config knows no "shwo"', 'config show'],
    [['modify', 'x'], 'Nothing to change', '-Dmetadata.instance=2'],
    [['modify', 'x', '-Dmetadata.instance'], '"=" is missing', '-D<path>=<value>'],
    [['modify', 'x', '-Dmetadata.instances=2'], 'metadata.instances', 'instance'],
    [['predict', 'x', '-d', 'a', '-f', 'b'], '-d and -f were both given', 'one of them'],
    [['predict', 'x', '-f', 'nothing.bin'], "Can't read nothing.bin: there is no such file", ''],
    [['create', 'nothing.json'], "Can't read nothing.json: there is no such file", ''],
    [['upload', 'nothing.tar.gz'], "Can't read nothing.tar.gz: there is no such file", ''],
    [['upload', '*.nothing'], 'no file matches', '*.nothing'],
  ])('%j', async (argv, what, hint) => {
    expectError(await eas(argv), 2, what, hint);
  });

  test('config without anything to save', async () => {
    expectError(await run(['config']), 2, 'Nothing to save', 'config -e local');
  });

  test('predict on a terminal does not wait for data', async () => {
    expectError(await eas(['predict', 'x'], { stdinIsTty: true }), 2, 'There is no data to send');
  });

  test.each([
    [['-o', 'json', '--version'], 'version'],
    [['create', '--help', '-o', 'json'], 'help'],
  ])('%j: what is asked of the program itself is one document too', async (argv, key) => {
    const { code, out } = await run(argv);
    expect([code, Object.keys(JSON.parse(out))]).toEqual([0, [key]]);
  });

  test('with -o json the one document on stdout is the error', async () => {
    const { code, out } = await eas(['-o', 'json', 'creat']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'WrongUsage', exitCode: 2 } });
  });
});

describe('the service description', () => {
  const good = {
    name: 'bad_input',
    processor_path: './app.py',
    processor_type: 'python',
    processor_entry: './app.py',
    metadata: { instance: 1, cpu: 1 },
  };
  const without = (...fields: string[]) =>
    JSON.stringify(Object.fromEntries(Object.entries(good).filter(([key]) => !fields.includes(key))));

  test.each([
    ['a missing comma', '{\n  "name": "x"\n  "metadata": {}\n}', ['s.json:2:14: ']],
    ['a field misspelt', JSON.stringify({ ...good, modle_path: 'x' }), ['modle_path', 'model_path']],
    ['no name', without('name'), ['"name" is missing']],
    ['no processor', without('processor_path', 'processor_type', 'processor_entry'), ['no processor']],
    [
      'no metadata.instance',
      JSON.stringify({ ...good, metadata: { cpu: 1 } }),
      ['metadata.instance is missing'],
    ],
    ['an illegal name', JSON.stringify({ ...good, name: 'Bad-Name' }), ['Bad-Name', 'bad_name']],
    ['an unknown preset', '{"name":"x","processor":"pmlm","model_path":"a"}', ['pmlm', 'pmml']],
    ['an empty file', '', ['s.json:1:1: ']],
  ])('%s', async (_name, text, parts) => {
    local.write('s.json', text);
    expectError(await eas(['create', 's.json']), 2, ...parts);
  });

  needs('linux')('a device that never ends, given as a file', async () => {
    expectError(await eas(['create', '/dev/zero']), 2, '/dev/zero', 'larger than 4 MiB');
  });

  test('a name that exists', async () => {
    local.write('app.py', 'pass\n');
    local.write('s.json', JSON.stringify({ ...good, name: 'taken' }));
    expect((await eas(['create', 's.json', '--no-wait'])).code).toBe(0);
    expectError(await eas(['create', 's.json', '--no-wait']), 1, 'taken', 'HTTP 409', 'RequestId: ');
    expectError(await eas(['version', 'taken', '7']), 2, 'has no version [7]', 'its versions are 1 to 1');
    expect((await eas(['delete', '-y', 'taken'])).code).toBe(0);
  });

  test('modify -s of another service', async () => {
    local.write('s.json', JSON.stringify(good));
    const ran = await eas(['modify', 'other', '-s', 's.json']);
    expectError(ran, 2, 's.json describes service [bad_input]', '[other]');
  });
});

describe('a service that does not exist', () => {
  const commands = [
    'desc nobody',
    'w nobody',
    'modify nobody -Dmetadata.instance=2',
    'stop nobody',
    'start nobody',
    'version nobody 1',
    'delete nobody -y',
    'wait nobody',
    'predict nobody -d x',
    'logs nobody',
    'events nobody',
  ];
  test.each(commands)('%s', async (command) => {
    const ran = await eas(command.split(' '));
    expectError(ran, 1, 'nobody', 'InvalidService.NotFound', 'RequestId: ');
  });
});

describe('packages', () => {
  const create = async (name: string, more: object) => {
    const metadata = { instance: 1, cpu: 1 };
    local.write(`${name}.json`, JSON.stringify({ name, metadata, ...more }));
    const ran = await eas(['create', `${name}.json`, '--timeout', '60s']);
    await eas(['delete', '-y', name]);
    return ran;
  };
  const expectFailure = (ran: Ran, ...parts: string[]) => {
    expect(ran.out).not.toContain('[OK] Service is running');
    for (const part of parts) expect(ran.err).toContain(part);
    expect(ran.code).toBe(1);
  };

  test('one that is no archive', async () => {
    local.write('noise.tar.gz', 'this is no archive at all');
    const ran = await create('no_archive', {
      processor_path: 'noise.tar.gz',
      processor_type: 'python',
      processor_entry: 'app.py',
    });
    expectFailure(ran, 'noise.tar.gz');
  });

  test('one that lacks its entry', async () => {
    local.write('other.py', 'pass\n');
    const ran = await create('no_entry', {
      processor_path: 'other.py',
      processor_type: 'python',
      processor_entry: 'app.py',
    });
    expectFailure(ran, 'app.py');
  });

  test('one that is not there', async () => {
    const ran = await create('no_package', {
      processor_path: 'nowhere.tar.gz',
      processor_type: 'python',
      processor_entry: 'app.py',
    });
    expectFailure(ran, 'nowhere.tar.gz');
  });

  const library = [
    ...new Glob('lib*/*/libm.so.6').scanSync({ cwd: '/usr', absolute: true, followSymlinks: true }),
  ][0];
  test.skipIf(!library)('a .so without the two symbols', async () => {
    local.write('libnone.so', new Uint8Array(await Bun.file(library!).arrayBuffer()));
    const ran = await create('no_symbols', {
      processor_path: 'libnone.so',
      processor_type: 'cpp',
      processor_entry: 'libnone.so',
    });
    expectFailure(ran, 'initialize');
  });
});

describe('Local EAS', () => {
  test('a port already taken is named, with the way out', async () => {
    const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    try {
      const port = String(listener.port);
      const ran = await run(['local', 'start', '--port', port, '--object-port', '0', '--data-dir', 'second']);
      expectError(ran, 1, port, '--port');
    } finally {
      listener.stop(true);
    }
  });

  test('status, stop and logs of one that never ran', async () => {
    const elsewhere = ['--data-dir', 'never'];
    expectError(await run(['local', 'status', ...elsewhere]), 1, 'is not running', 'eascmd local start');
    expectError(await run(['local', 'logs', ...elsewhere]), 1, 'has no log');
    const stopped = await run(['local', 'stop', ...elsewhere]);
    expect([stopped.code, stopped.out]).toEqual([0, '[OK] Local EAS was not running\n']);
  });

  test('reset without an answer is refused', async () => {
    const { code, out, err } = await run(['local', 'reset', '--data-dir', 'never']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('was not answered');
  });
});
