import { median } from './statistics.ts';

export interface CommandCost {
  wallMs: number;
  maxRssMb: number;
}

/** Runs a command `runs` times after one unmeasured run; medians of wall time and greatest resident size. */
export async function commandCost(
  command: string[],
  env: Record<string, string>,
  runs: number,
): Promise<CommandCost> {
  const wall: number[] = [];
  const rss: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const begun = performance.now();
    const child = Bun.spawn(command, {
      env: { ...process.env, ...env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    if ((await child.exited) !== 0) throw new Error(`${command.join(' ')} failed: ${errors}`);
    if (run === 0) continue;
    wall.push(performance.now() - begun);
    rss.push(child.resourceUsage()!.maxRSS / 1024 / 1024);
  }
  return { wallMs: median(wall), maxRssMb: median(rss) };
}
