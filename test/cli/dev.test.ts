import { describe, expect } from 'bun:test';
import { renameSync, unlinkSync } from 'node:fs';
import { needs } from '../support/needs.ts';
import { type RunningTest, TestPlace } from '../support/test-place.ts';

const app = (answer: string, more = '') => `import os, time
import allspark
${more}
class Answer(allspark.BaseProcessor):
    def process(self, data):
        if data == b'slow':
            time.sleep(0.1)
        if data == b'die':
            os._exit(3)
        return b'${answer}', 200

Answer(worker_threads=2).run()
`;

function project(place: TestPlace, more: Record<string, unknown> = {}, name = 'demo'): void {
  place.write('p/app.py', app('one'));
  place.write(
    'p/app.json',
    JSON.stringify({
      name,
      processor_entry: './app.py',
      processor_type: 'python',
      processor_path: 'oss://path/to/processor',
      metadata: { instance: 1 },
      ...more,
    }),
  );
}

/** Waits for the curl line; `ask` sends one request to the address and with the token that stand in it. */
async function served(dev: RunningTest) {
  const [, url, token] = await dev.seen(/Ready\. Try: curl (http:\S+) -H 'Authorization:(\S+)' -d/);
  const ask = async (body = 'x') => {
    const answer = await fetch(url!, { method: 'POST', body, headers: { Authorization: token! } });
    return [answer.status, await answer.text()];
  };
  return { url: url!, token: token!, ask };
}

async function errorSeen(dev: RunningTest, pattern: RegExp): Promise<void> {
  for (let left = 2000; !pattern.test(dev.io.err()); left--) {
    if (left === 0) throw new Error(`${pattern} was not seen in:\n${dev.io.out()}\n${dev.io.err()}`);
    await Bun.sleep(20);
  }
}

const timesReady = (count: number) => new RegExp(`(Ready again after [\\s\\S]*){${count}}`);

describe('eascmd dev', () => {
  // proves: dev (local)
  needs('python3')(
    'answers from the new code after each kind of save, at the same port with the same token',
    async () => {
      await using place = new TestPlace();
      project(place);
      const dev = place.start(['p'], {}, 'dev');
      const { url, token, ask } = await served(dev);
      expect(token).toMatch(/^[A-Za-z0-9+/]{27}=$/);
      expect(await ask()).toEqual([200, 'one']);
      expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(401);

      place.write('p/app.py', app('two'));
      await dev.seen(timesReady(1));
      expect(await ask()).toEqual([200, 'two']);

      renameSync(place.write('p/.app.py.swp', app('three')), `${place.folder}/p/app.py`);
      await dev.seen(timesReady(2));
      expect(await ask()).toEqual([200, 'three']);

      place.write('p/deep/er/part.py', "ANSWER = 'four'\n");
      await dev.seen(timesReady(3));
      place.write('p/app.py', app("' + part.ANSWER.encode() + b'", 'from deep.er import part'));
      await dev.seen(timesReady(4));
      expect(await ask()).toEqual([200, 'four']);
      place.write('p/deep/er/part.py', "ANSWER = 'five'  # longer\n");
      await dev.seen(timesReady(5));
      expect(await ask()).toEqual([200, 'five']);

      dev.io.signal('SIGINT');
      expect(await dev.ended).toBe(130);
      await expect(fetch(url)).rejects.toThrow();
      expect(place.leftovers()).toEqual([]);
      expect(dev.io.err()).toBe('\nInterrupted\n');

      const again = place.start(['p'], {}, 'dev');
      const second = await served(again);
      expect([second.url, second.token]).toEqual([url, token]);
    },
    180_000,
  );

  needs('python3')(
    'keeps requests waiting while the processor is replaced, and lets those that run answer',
    async () => {
      await using place = new TestPlace();
      project(place, { metadata: { instance: 1, 'rpc.keepalive': 60_000 } });
      const dev = place.start(['p'], {}, 'dev');
      const { ask } = await served(dev);
      const answers: Promise<unknown[]>[] = [];
      let isSaved = false;
      const asking = (async () => {
        while (!timesReady(1).test(dev.io.out())) {
          answers.push(ask(answers.length % 2 ? 'slow' : 'x'));
          await Bun.sleep(isSaved ? 60 : 5);
        }
      })();
      await Bun.sleep(100);
      place.write('p/app.py', app('two'));
      isSaved = true;
      await Promise.all([asking, dev.seen(timesReady(1))]);
      const seen = new Set((await Promise.all(answers)).map((answer) => answer.join(' ')));
      expect([...seen].sort()).toEqual(['200 one', '200 two']);
    },
    180_000,
  );

  needs('python3')(
    'shows what an edit has broken, waits, and comes back with the next good one',
    async () => {
      await using place = new TestPlace();
      project(place);
      const dev = place.start(['p'], {}, 'dev');
      const { ask } = await served(dev);
      place.write('p/app.py', 'import not_there_at_all\n');
      await errorSeen(dev, /\[FAILED\] .*No module named 'not_there_at_all'\nWaiting for a change/);
      expect((await ask())[0]).toBe(503);
      await dev.seen(/\[127\.0\.0\.1\] Traceback \(most recent call last\)/);
      place.write('p/app.py', 'def broken(:\n');
      await errorSeen(dev, /\[FAILED\] .*SyntaxError/);
      unlinkSync(`${place.folder}/p/app.py`);
      await errorSeen(dev, /\[FAILED\] .*app\.py.*No such file/);
      place.write('p/app.py', app('mended'));
      await dev.seen(timesReady(1));
      expect(await ask()).toEqual([200, 'mended']);

      expect((await ask('die'))[0]).toBe(503);
      await errorSeen(dev, /\[FAILED\] the processor exited with code 3/);
      place.write('p/app.json', '{"name": ');
      await errorSeen(dev, /\[FAILED\] .*app\.json:1:\d+/);
      project(place, {}, 'renamed');
      await dev.seen(/Try: curl http:\S+\/renamed /);
    },
    180_000,
  );

  needs('python3')(
    'begins with a broken project, leaves out ENV, caches and .easignore, and takes port and token',
    async () => {
      await using place = new TestPlace();
      project(place, { token: 'of-the-description' });
      place.write('p/app.py', 'nonsense\n');
      place.write('p/.easignore', 'data/\n');
      place.write('p/data/rows.csv', '1');
      const free = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
      const { port } = free;
      free.stop(true);
      const dev = place.start(['p', '--port', String(port), '--token', 'mine'], {}, 'dev');
      await errorSeen(dev, /\[FAILED\] .*nonsense/);
      for (const name of ['ENV/lib/new.py', '__pycache__/app.pyc', '.git/index', 'data/more.csv', 'app.py~'])
        place.write(`p/${name}`, 'x');
      place.write('p/app.py', app('well'));
      const { url, token, ask } = await served(dev);
      expect([new URL(url).port, token]).toEqual([String(port), 'mine']);
      expect(await ask()).toEqual([200, 'well']);
      for (const [, names] of dev.io.out().matchAll(/Changed: (.*); starting/g)) expect(names).toBe('app.py');
      const second = await place.run(['p', '--port', String(port)], {}, 'dev');
      expect([second.code, second.err.includes(`127.0.0.1:${port}`)]).toEqual([1, true]);
    },
    180_000,
  );

  const refused: [string, Record<string, unknown> | undefined, RegExp][] = [
    ['a folder without app.json', undefined, /p has no app\.json[\s\S]*eascmd pysdk init p/],
    ['a project that is not Python', { processor_type: 'cpp' }, /runs Python projects[\s\S]*test .*--watch/],
    ['a model behind ftp', { model_path: 'ftp://h/m' }, /ftp:\/\/h\/m: only http, https, oss and paths/],
  ];
  for (const [name, more, message] of refused)
    needs()(`refuses ${name}`, async () => {
      await using place = new TestPlace();
      place.write('p/other.txt', '');
      if (more) project(place, more);
      const { code, err } = await place.run(['p'], {}, 'dev');
      expect(err).toMatch(message);
      expect(code).toBe(2);
      expect(place.leftovers()).toEqual([]);
    });
});
