import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { fakeIo } from '../support/fake-io.ts';
import { lacks, needs } from '../support/needs.ts';
import { PysdkPlace } from '../support/pysdk-place.ts';
import { hostOf } from '../support/scripted-eas.ts';

/** `pysdk init` and `pysdk pack` with a real Python, made once for all tests by copying that of this machine. */
const home = new PysdkPlace();
const at = home.at.bind(home);
const run = home.run.bind(home);
const sham = home.sham.bind(home);
const python = lacks('python3') ? undefined : minorVersion();

function minorVersion(): string {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])';
  return Bun.spawnSync(['python3', '-c', script]).stdout.toString().trim();
}

function output(command: string[], cwd: string): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd, env: { PATH: process.env.PATH } });
  return exitCode === 0 ? stdout.toString() : `exit ${exitCode}: ${stderr}`;
}

function listed(archive: string): string[] {
  return output(['tar', 'tzf', archive], home.path).split('\n').filter(Boolean);
}

beforeAll(async () => {
  if (!python) return;
  const made = await run(['pysdk', 'init', 'demo', '--python', python, '--using', 'copy']);
  if (made.code !== 0) throw new Error(made.err);
}, 300_000);
afterAll(() => home[Symbol.dispose](), 60_000);

describe('pysdk init', () => {
  needs('python3')('makes ENV, app.py and app.json with the documented lines', async () => {
    expect(readdirSync(at('demo')).sort()).toEqual(['ENV', 'app.json', 'app.py']);
    expect(JSON.parse(readFileSync(at('demo/app.json'), 'utf8'))).toEqual({
      name: 'pysdk_demo',
      processor_entry: './app.py',
      processor_type: 'python',
      processor_path: 'oss://path/to/processor',
      metadata: { region: 'cn-beijing', instance: 1, memory: 2000, resource: '', cpu: 1 },
    });
  });

  needs('python3')('run again it keeps what is there and says so', async () => {
    writeFileSync(at('demo/app.py'), readFileSync(at('demo/app.py'), 'utf8').replace('True', 'Above'));
    const again = await run(['pysdk', 'init', 'demo']);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toContain(`[PYSDK] Keeping ENV: Python ${python}`);
    expect(again.out).toContain('[PYSDK] Keeping your app.py\n[PYSDK] Keeping your app.json\n');
    expect(readFileSync(at('demo/app.py'), 'utf8')).toContain('Above');
    writeFileSync(at('demo/app.py'), readFileSync(at('demo/app.py'), 'utf8').replace('Above', 'True'));
  });

  needs('python3')('another version than that of ENV is an error', async () => {
    const ran = await run(['pysdk', 'init', 'demo', '--python', '2.6']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('ENV is there already');
    expect(existsSync(at('demo/ENV/bin/python'))).toBe(true);
  });

  needs('python3')(
    'a version that is not there names those that are, and leaves nothing behind',
    async () => {
      const ran = await run(['pysdk', 'init', 'none', '--python', '2.1', '--using', 'copy']);
      expect(ran.code).toBe(1);
      expect(ran.err).toContain('There is no Python 2.1 to copy; this machine has ');
      expect(existsSync(at('none'))).toBe(false);
    },
  );

  needs('python3')(
    'requirements that fail: the step, the last lines of pip, no ENV left half-made',
    async () => {
      mkdirSync(at('half'));
      writeFileSync(at('half/mine.txt'), 'kept');
      writeFileSync(at('wrong.txt'), 'not a requirement !!\n');
      const ran = await run([
        ...['pysdk', 'init', 'half', '--python', python!, '--using', 'copy'],
        ...['--requirements', 'wrong.txt'],
      ]);
      expect(ran.code).toBe(1);
      expect(ran.err).toContain(`Installing ${at('wrong.txt')} failed`);
      expect(ran.err).toContain('not a requirement');
      expect(readdirSync(at('half'))).toEqual(['mine.txt']);
    },
    300_000,
  );

  test('asks on a terminal; a wrong answer is asked again', async () => {
    mkdirSync(at('tools'), { recursive: true });
    writeFileSync(at('tools/uv'), '#!/bin/sh\necho "no network for $3" >&2\nexit 3\n', { mode: 0o755 });
    const ran = await run(['pysdk', 'init', 'asked', '--using', 'uv'], {
      stdin: 'new\n3.9\n',
      stdinIsTty: true,
      env: { PATH: `${at('tools')}:${process.env.PATH}` },
    });
    const question = '[PYSDK] Please choose your python version [enter for 3.12]: ';
    expect(ran.err.split(question)).toHaveLength(3);
    expect(ran.out).toBe('[PYSDK] Creating ENV with uv (asked for with --using): Python 3.9\n');
    expect(ran.err).toContain('Creating ENV with uv failed: uv ended with exit code 3');
    expect(ran.err).toContain('no network for 3.9');
    expect(existsSync(at('asked'))).toBe(false);
  });

  needs('python3')(
    'what a killed init left is made anew; a tool that fails is followed by the next, and both are said',
    async () => {
      mkdirSync(at('next/ENV/bin'), { recursive: true });
      writeFileSync(at('next/.ENV.unfinished'), '');
      mkdirSync(at('tools'), { recursive: true });
      writeFileSync(at('tools/conda'), '#!/bin/sh\necho "channel is gone" >&2\nexit 1\n', { mode: 0o755 });
      writeFileSync(at('tools/uv'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
      const ran = await run(['pysdk', 'init', 'next', '--python', python!], {
        env: { PATH: `${at('tools')}:${process.env.PATH}` },
      });
      expect(ran.code).toBe(0);
      expect(ran.out).toContain(
        `[PYSDK] Creating ENV with conda (conda is installed): Python ${python}\n` +
          '[PYSDK] Creating ENV with conda failed: conda ended with exit code 1 (channel is gone); trying uv\n',
      );
      expect(readdirSync(at('next')).sort()).toEqual(['ENV', 'app.json', 'app.py']);
      rmSync(at('next'), { recursive: true });
    },
    300_000,
  );

  for (const [tool, reason, script] of [
    ['uv', 'asked for with --using', 'cp -a demo/ENV "$UV_PYTHON_INSTALL_DIR/cpython-$3.9-linux-gnu"'],
    ['micromamba', 'asked for with --using', 'test "$5 $6" = "-c conda-forge" && cp -a demo/ENV "$4"'],
  ] as const)
    needs('python3')(
      `${tool}: what it makes becomes ENV`,
      async () => {
        mkdirSync(at('tools'), { recursive: true });
        writeFileSync(at('tools', tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        const ran = await run(['pysdk', 'init', `by-${tool}`, '--python', python!, '--using', tool], {
          env: { PATH: `${at('tools')}:${process.env.PATH}` },
        });
        expect(ran.err).toBe('');
        expect(ran.out).toStartWith(`[PYSDK] Creating ENV with ${tool} (${reason}): Python ${python}\n`);
        expect(readdirSync(at(`by-${tool}`)).sort()).toEqual(['ENV', 'app.json', 'app.py']);
        rmSync(at(`by-${tool}`), { recursive: true });
      },
      180_000,
    );

  test.each([
    [['--python', 'new'], '--python "new" is no version'],
    [['--using', 'pip'], '--using "pip" is unknown'],
    [['--using', 'micromamba'], 'micromamba is not on PATH'],
    [['--requirements', 'nothing.txt'], "Can't read nothing.txt: there is no such file"],
    [['--allspark', 'nothing.whl'], "Can't read nothing.whl: there is no such file"],
  ])('%j is wrong usage', async (words, what) => {
    const ran = await run(['pysdk', 'init', 'wrong', ...words]);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(what);
    expect(existsSync(at('wrong'))).toBe(false);
  });

  test('Windows is told where to go on', async () => {
    const io = fakeIo({ stdin: '' });
    const host = hostOf(['pysdk', 'init', 'x'], { homeDir: home.path, cwd: home.path, platform: 'win32' });
    expect(await runCli(host, io)).toBe(2);
    expect(io.err()).toContain('WSL');
  });
});

describe('pysdk pack', () => {
  needs('python3', 'tar')(
    'the environment runs from another folder, with the first one gone',
    async () => {
      output([at('demo/ENV/bin/python'), '-m', 'compileall', '-q', at('demo/ENV')], home.path);
      const ran = await run(['pysdk', 'pack', 'demo']);
      expect(ran.code).toBe(0);
      expect(ran.out).toBe(`[PYSDK] Creating package: ${at('demo.tar.gz')}\n`);
      const other = at('another place/深');
      mkdirSync(other, { recursive: true });
      output(['tar', 'xzf', at('demo.tar.gz')], other);
      expect(output(['tar', 'xzf', at('demo.tar.gz')], other)).toBe('');
      renameSync(at('demo'), at('gone'));
      try {
        const script =
          'import json, ssl, sqlite3, sys, allspark; print(json.dumps([sys.prefix, ssl.__file__, allspark.__file__]))';
        const places = JSON.parse(output(['ENV/bin/python', '-c', script], other)) as string[];
        for (const place of places) expect(place).toStartWith(join(other, 'ENV'));
        const maps = output(
          ['ENV/bin/python', '-c', 'import ssl; print(open("/proc/self/maps").read())'],
          other,
        );
        expect(maps).not.toContain('.pyenv');
        expect(output([join(other, 'ENV/bin/pip3'), '--version'], home.path)).toContain(join(other, 'ENV'));
        expect(output(['grep', '-rlI', at('demo'), 'ENV'], other)).toBe('exit 1: ');
        expect(output(['sh', '-c', `find . -name '*.pyc' | xargs grep -l ${at('demo')} | head`], other)).toBe(
          '',
        );
        const { stderr } = Bun.spawnSync(['ENV/bin/python', '-v', '-c', 'import json.decoder'], {
          cwd: other,
        });
        expect(stderr.toString()).toMatch(/decoder\.cpython-\d+\.pyc matches .*\/ENV\/lib\/.*decoder\.py/);
      } finally {
        renameSync(at('gone'), at('demo'));
      }
    },
    300_000,
  );

  needs('python3', 'tar')(
    'the template answers as its comment says',
    async () => {
      const port = await freePort();
      const text = readFileSync(at('demo/app.py'), 'utf8');
      writeFileSync(
        at('demo/app.py'),
        text.replace('worker_threads=10', `worker_threads=10, endpoint='127.0.0.1:${port}'`),
      );
      const app = Bun.spawn(['ENV/bin/python', 'app.py'], { cwd: at('demo'), stderr: 'pipe' });
      try {
        for await (const chunk of app.stderr) if (Buffer.from(chunk).includes('serving')) break;
        const ask = async (body: string) => {
          const answer = await fetch(`http://127.0.0.1:${port}/api/predict/service_name`, {
            method: 'POST',
            body,
          });
          return [answer.status, await answer.text()];
        };
        expect(await ask('2 105')).toEqual([400, 'False']);
        expect(await ask('10 20')).toEqual([200, 'True']);
      } finally {
        app.kill();
        await app.exited;
        writeFileSync(at('demo/app.py'), text);
      }
    },
    300_000,
  );

  needs('tar')('the same files give the same bytes, whenever they were written', async () => {
    const folder = sham('same');
    writeFileSync(join(folder, 'big'), Buffer.alloc(3_000_000, 'abcdefg'));
    await run(['pysdk', 'pack', 'same']);
    const first = readFileSync(at('same.tar.gz'));
    utimesSync(join(folder, 'app.py'), 1e9, 1e9);
    chmodSync(join(folder, 'app.py'), 0o600);
    await run(['pysdk', 'pack', 'same']);
    expect(readFileSync(at('same.tar.gz')).equals(first)).toBe(true);
  });

  needs('tar', 'python3')(
    'long and Chinese names, empty files and links come back; what is ignored does not',
    async () => {
      const folder = sham('names');
      const long = `${'目录'.repeat(20)}/${'d'.repeat(150)}/${'f'.repeat(140)}`;
      mkdirSync(join(folder, long, '..'), { recursive: true });
      writeFileSync(join(folder, long), 'long');
      writeFileSync(join(folder, '空.txt'), '');
      symlinkSync('空.txt', join(folder, '链接'));
      mkdirSync(join(folder, '__pycache__'));
      writeFileSync(join(folder, 'notes.log'), 'x');
      writeFileSync(join(folder, '.easignore'), '# mine\n*.log\n');
      writeFileSync(join(folder, 'app.json'), '{}');
      expect((await run(['pysdk', 'pack', 'names'])).code).toBe(0);
      const script =
        'import sys, tarfile, json\nt = tarfile.open(sys.argv[1], "r|gz")\nprint(json.dumps([[m.name, m.linkname, m.uid, m.uname] for m in t]))';
      const members = JSON.parse(
        output(['python3', '-c', script, at('names.tar.gz')], home.path),
      ) as string[][];
      expect(members.map(([name]) => name)).toEqual([
        'ENV',
        'ENV/bin',
        'ENV/bin/python',
        'app.py',
        ...[long.split('/')[0]!, long.split('/').slice(0, 2).join('/'), long],
        '空.txt',
        '链接',
      ]);
      expect(members.at(-1)).toEqual(['链接', '空.txt', 0 as unknown as string, '']);
      mkdirSync(at('out'));
      expect(output(['tar', 'xzf', at('names.tar.gz')], at('out'))).toBe('');
      expect(readFileSync(at('out', long), 'utf8')).toBe('long');
      expect(listed(at('names.tar.gz'))).toHaveLength(9);
    },
  );

  needs('python3')('a venv is refused, since its Python lies elsewhere', async () => {
    mkdirSync(at('venv'));
    output(['python3', '-m', 'venv', '--without-pip', at('venv/ENV')], home.path);
    const linked = await run(['pysdk', 'pack', 'venv']);
    expect(linked.code).toBe(1);
    expect(linked.err).toContain('ENV is a virtual environment that borrows its Python from');
    expect(linked.err).toContain('pysdk init venv --requirements requirements.txt');
    rmSync(at('venv/ENV'), { recursive: true });
    output(['python3', '-m', 'venv', '--without-pip', '--copies', at('venv/ENV')], home.path);
    expect((await run(['pysdk', 'pack', 'venv'])).err).toContain('borrows its Python from');
    expect(readdirSync(home.path).filter((name) => name.startsWith('venv'))).toEqual(['venv']);
  });

  test.each([
    ['nothing', 2, 'is not a folder'],
    ['bare', 2, 'has no ENV folder'],
    ['hollow', 1, 'is not there, and a service starts with it'],
  ])('%s is refused with exit code %p', async (name, code, what) => {
    if (name !== 'nothing') mkdirSync(at(name, name === 'hollow' ? 'ENV/bin' : ''), { recursive: true });
    const ran = await run(['pysdk', 'pack', name]);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(what);
  });

  test('-u reads app.json before anything is done', async () => {
    const folder = sham('broken');
    writeFileSync(join(folder, 'app.json'), '{"name": }');
    const ran = await run(['pysdk', 'pack', 'broken', '-u']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('app.json:1:10');
    expect(existsSync(at('broken.tar.gz'))).toBe(false);
  });
});

async function freePort(): Promise<number> {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return port!;
}
