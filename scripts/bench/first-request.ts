import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessorType } from '../../src/core/worker/spec.ts';
import { type Bench, RUNS } from './bench.ts';
import { median } from './statistics.ts';
import { buildEcho, languages } from './worker.ts';

/** Images that test/support/docker/make-images.sh makes. */
const imageOf = (type: ProcessorType) => `eascmd-test-${type}`;

/** From the command `eascmd test` to the first answered request, with and without a container, in each language. */
export async function firstRequestRows(bench: Bench): Promise<void> {
  const home = join(bench.folder, 'test-home');
  mkdirSync(join(home, 't'), { recursive: true });
  for (const type of languages(bench, 'test')) {
    const file = await project(type, home);
    const ways = new Map([['process', ['--runtime', 'process']]]);
    const lack = lacksImage(imageOf(type));
    if (lack) bench.skip(`test, ${type}, docker`, lack);
    else ways.set('docker', ['--runtime', 'docker', '--image', imageOf(type), '--pull', 'never']);
    const waits = new Map<string, number[]>([...ways.keys(), 'engine'].map((way) => [way, []]));
    for (let run = 0; run <= RUNS; run++) {
      bench.say(`eascmd test, ${type}, ${run === 0 ? 'unmeasured' : `${run} of ${RUNS}`}`);
      for (const [way, args] of ways) {
        const taken = await firstAnswerMs([...bench.program, 'test', file, ...args, '-d', 'first'], home);
        if (run > 0) waits.get(way)!.push(taken);
      }
      if (!ways.has('docker')) continue;
      const taken = await plainContainerMs(imageOf(type));
      if (run > 0) waits.get('engine')!.push(taken);
    }
    const shown = (way: string) => `${median(waits.get(way)!).toFixed(0)} ms`;
    for (const way of ways.keys()) {
      const compared =
        way === 'docker' ? `; docker run of the same image, /bin/true: ${shown('engine')}` : '';
      bench.rows.push({
        what: `eascmd test, ${type}, ${way}: first answer`,
        measured: `${shown(way)}${compared}`,
        budget: '',
      });
    }
  }
}

async function project(type: ProcessorType, home: string): Promise<string> {
  const name = `first_${type}`;
  const folder = join(home, name);
  const entry = await buildEcho(type, folder);
  const java = { processor_mainclass: 'com.example.Echo' };
  const document = {
    name,
    processor_path: `./${name}`,
    processor_type: type,
    ...(type === 'java' ? java : { processor_entry: entry }),
    metadata: { instance: 1 },
  };
  const file = join(home, `${name}.json`);
  await Bun.write(file, JSON.stringify(document));
  return file;
}

/** Until the line that tells the answer; the command goes on to its end before the next one is measured. */
async function firstAnswerMs(command: string[], home: string): Promise<number> {
  const begun = performance.now();
  const child = Bun.spawn(command, {
    env: { ...process.env, HOME: home, TMPDIR: join(home, 't') },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const errors = child.stderr.text();
  let text = '';
  let taken: number | undefined;
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('[OK] Request 1/1: status 200')) taken ??= performance.now() - begun;
  }
  if ((await child.exited) === 0 && taken !== undefined) return taken;
  throw new Error(`${command.join(' ')} failed:\n${await errors}${text}`);
}

async function plainContainerMs(image: string): Promise<number> {
  const begun = performance.now();
  const command = ['docker', 'run', '--rm', '--network', 'none', image, '/bin/true'];
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const errors = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Error(`${command.join(' ')} failed: ${errors}`);
  return performance.now() - begun;
}

function lacksImage(image: string): string | undefined {
  if (!Bun.which('docker')) return 'no docker on PATH';
  const found = Bun.spawnSync(['docker', 'image', 'inspect', image], { stderr: 'pipe' });
  if (found.success) return undefined;
  return `${found.stderr.toString().trim().split('\n').at(-1)} (test/support/docker/make-images.sh makes it)`;
}
