import { readFileSync } from 'node:fs';

export interface ProcessCost {
  wallMs: number;
  cpuMs: number;
  /** Greatest resident size; 0 where the system does not tell. */
  peakMb: number;
}

/** Runs a command once. Its peak is Linux's VmHWM: `ru_maxrss` of a child begins with the size of the bench itself. */
export async function processCost(
  command: string[],
  options: { env: Record<string, string>; cwd: string; input?: string },
): Promise<ProcessCost> {
  const { env, cwd, input } = options;
  const begun = performance.now();
  const child = Bun.spawn(command, {
    cwd,
    env: { ...process.env, ...env },
    stdin: input === undefined ? 'ignore' : Buffer.from(input),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakNow(child.pid));
  }, 50);
  try {
    const [out, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    if ((await child.exited) !== 0) throw new Error(`${command[0]} failed: ${errors}${out}`);
  } finally {
    clearInterval(watch);
  }
  const { total } = child.resourceUsage()!.cpuTime;
  return { wallMs: performance.now() - begun, cpuMs: Number(total) / 1000, peakMb };
}

function peakNow(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
