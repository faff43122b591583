import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, output } from './bench.ts';
import { median } from './statistics.ts';

export interface CommandCost {
  wallMs: number;
  maxRssMb: number;
}

const MEMORY_RUNS = 3;

/**
 * Runs commands turn by turn, `runs` times after one unmeasured turn: medians of wall time, and of the greatest
 * resident size.
 */
export async function commandCosts(
  bench: Bench,
  commands: Map<string, string[]>,
  env: Record<string, string>,
  runs: number,
): Promise<Map<string, CommandCost>> {
  const walls = new Map([...commands.keys()].map((name) => [name, [] as number[]]));
  for (let run = 0; run <= runs; run++)
    for (const [name, command] of commands) {
      const { wallMs } = await once(command, env);
      if (run > 0) walls.get(name)!.push(wallMs);
    }
  const costs = new Map<string, CommandCost>();
  for (const [name, command] of commands) {
    const sizes: number[] = [];
    for (let run = 0; run < MEMORY_RUNS; run++) sizes.push(await maxRssMb(bench, command, env));
    costs.set(name, { wallMs: median(walls.get(name)!), maxRssMb: median(sizes) });
  }
  return costs;
}

async function once(command: string[], env: Record<string, string>) {
  const begun = performance.now();
  const child = Bun.spawn(command, {
    env: { ...process.env, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(' ')} failed: ${errors}`);
  return { wallMs: performance.now() - begun, maxRssMb: child.resourceUsage()!.maxRSS / 1024 / 1024 };
}

/** By GNU time where it is: Linux counts the size of whoever starts a program as the program's own. */
async function maxRssMb(bench: Bench, command: string[], env: Record<string, string>): Promise<number> {
  const time = '/usr/bin/time';
  if (process.platform !== 'linux' || !existsSync(time)) return (await once(command, env)).maxRssMb;
  const file = join(bench.folder, 'max-rss');
  await output([time, '-f', '%M', '-o', file, ...command], { env });
  return Number(await Bun.file(file).text()) / 1024;
}

/** A Node that does nothing, which budgets of start-up are compared with; none where there is no node. */
export function bareNode(): [name: string, command: string[]][] {
  const node = Bun.which('node');
  return node ? [['node', [node, '-e', '0']]] : [];
}
