import type { Processes } from '../state/processes.ts';
import { isAlive, kill } from './identity.ts';

/** Ends what a killed daemon left behind, after checking that each pid is still the same process. */
export async function endLeftovers(processes: Processes, log: (line: string) => void): Promise<void> {
  const left = processes.all();
  for (const process of left) {
    if (kill(process, 'SIGKILL'))
      log(`ended ${process.what} (pid ${process.pid}), left by a daemon that was killed`);
  }
  for (const process of left) {
    for (let tries = 0; isAlive(process) && tries < 100; tries++) await Bun.sleep(20);
    processes.remove(process);
  }
}
