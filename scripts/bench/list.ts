import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { State } from '../../src/local/state/state.ts';
import { type Bench, output } from './bench.ts';
import { bareNode, commandCosts } from './command.ts';

const BUDGETS = [
  { services: 10, wallMs: 60, maxRssMb: 60, runs: 21 },
  { services: 10_000, wallMs: 1000, maxRssMb: 120, runs: 5 },
];
const SEEDED_AT = '2026-01-01T00:00:00Z';

/** `eascmd ls` against a Local EAS that knows 10 and 10,000 stopped services. */
export async function listRows(bench: Bench): Promise<void> {
  const home = join(bench.folder, 'home');
  mkdirSync(home);
  const env = { HOME: home };
  const eascmd = (...args: string[]) => output([...bench.program, ...args], { env, cwd: home });
  const start = () => eascmd('local', 'start', '--port', '0', '--object-port', '0');
  await start();
  try {
    let known = 0;
    for (const budget of BUDGETS) {
      bench.say(`eascmd ls, ${budget.services} services`);
      await eascmd('local', 'stop');
      seed(join(home, '.eas/local/state.db'), known, budget.services);
      known = budget.services;
      await start();
      const listed = await eascmd('-e', 'local', 'ls', '-o', 'json');
      const count = listed.split('"ServiceName"').length - 1;
      if (count !== known) throw new Error(`ls shows ${count} of ${known} services`);
      const commands = new Map([['ls', [...bench.program, '-e', 'local', 'ls']], ...bareNode()]);
      const costs = await commandCosts(bench, commands, env, budget.runs);
      const { wallMs, maxRssMb } = costs.get('ls')!;
      const peer = costs.get('node');
      const compared = peer ? ` (${(wallMs / peer.wallMs).toFixed(2)} x node -e 0)` : '';
      bench.rows.push({
        what: `eascmd ls, ${known} services`,
        measured: `${wallMs.toFixed(0)} ms${compared}, ${maxRssMb.toFixed(0)} MB`,
        budget: `<= ${budget.wallMs} ms, <= ${budget.maxRssMb} MB`,
        isMet: wallMs <= budget.wallMs && maxRssMb <= budget.maxRssMb,
      });
    }
  } finally {
    await eascmd('local', 'stop');
  }
}

/** Adds stopped services to the state of a Local EAS that is not running: ten thousand creations would take hours. */
function seed(path: string, from: number, to: number): void {
  const state = new State(path);
  try {
    state.transaction(() => {
      for (let n = from; n < to; n++) {
        const name = `bench_${n}`;
        const config = {
          name,
          processor_path: 'http://127.0.0.1/echo.tar.gz',
          processor_type: 'cpp',
          processor_entry: 'libecho.so',
          metadata: { instance: 1, cpu: 1 },
        };
        state.services.insert({
          id: `eas-m-bench${n}`,
          name,
          desired: 'stopped',
          status: 'Stopped',
          message: 'Service stopped',
          token: 'bench',
          config: JSON.stringify(config),
          labels: '{}',
          safety_lock: 'none',
          instances: 1,
          current_version: 1,
          latest_version: 1,
          revision: 1,
          created_at: SEEDED_AT,
          updated_at: SEEDED_AT,
        });
      }
    });
  } finally {
    state.close();
  }
}
