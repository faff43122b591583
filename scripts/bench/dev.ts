import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { median } from './statistics.ts';

const SAVES = 7;
const BUDGET_MS = 1000;
const WAIT_MS = 60_000;

const app = (answer: string) => `import allspark

class Answer(allspark.BaseProcessor):
    def process(self, data):
        return b'${answer}', 200

Answer(worker_threads=2).run()
`;

/** From the save of app.py to the first answer of the new code, as a client that asks all the time sees it. */
export async function devRows(bench: Bench): Promise<void> {
  if (!Bun.which('python3')) return bench.skip('dev', 'no python3 on PATH');
  bench.say('eascmd dev');
  const folder = join(bench.folder, 'dev');
  mkdirSync(folder);
  const file = join(folder, 'app.py');
  writeFileSync(file, app('answer 0'));
  writeFileSync(
    join(folder, 'app.json'),
    JSON.stringify({
      name: 'dev',
      processor_type: 'python',
      processor_entry: './app.py',
      processor_path: './app.py',
      token: '',
      metadata: { instance: 1 },
    }),
  );
  const dev = bench.own(
    Bun.spawn([...bench.program, 'dev', folder], {
      env: { ...process.env, HOME: bench.folder },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'ignore',
    }),
  );
  const url = await readyUrl(dev.stdout);
  const waits: number[] = [];
  let refused = 0;
  for (let save = 1; save <= SAVES; save++) {
    const begun = performance.now();
    writeFileSync(file, app(`answer ${save}`));
    for (let isNew = false; !isNew; ) {
      if (performance.now() - begun > WAIT_MS) throw new Error('eascmd dev did not take a save');
      const answer = await fetch(url, { method: 'POST', body: 'x' });
      if (!answer.ok) refused++;
      isNew = (await answer.text()) === `answer ${save}`;
    }
    waits.push(performance.now() - begun);
    await Bun.sleep(300);
  }
  const middle = median(waits);
  bench.rows.push({
    what: 'eascmd dev, save to new answer',
    measured: `${middle.toFixed(0)} ms (worst ${Math.max(...waits).toFixed(0)}), ${refused} refused`,
    budget: `<= ${BUDGET_MS} ms`,
    isMet: middle <= BUDGET_MS,
  });
}

/** Reads on for as long as the process prints: a full pipe would stop it. */
function readyUrl(stdout: ReadableStream<Uint8Array>): Promise<string> {
  return new Promise((resolve, reject) => {
    void (async () => {
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of stdout) {
        text += decoder.decode(chunk, { stream: true });
        const url = /Ready\. Try: curl (\S+)/.exec(text)?.[1];
        if (url) resolve(url);
      }
      reject(new Error(`eascmd dev ended: ${text}`));
    })();
  });
}
