import { hostname } from 'node:os';
import type { Engine } from '../engine/engine.ts';

/** Labels on everything this program makes in an engine. */
export const OWNER_LABEL = 'eascmd.owner';

/** Names the process that made something: `<host>:<pid>`. */
export const ownerOf = (pid: number) => `${hostname()}:${pid}`;

/**
 * Removes containers that were made and never ran, or ended and stayed, when the process that made them is gone.
 * Running ones end by themselves. What can't be removed is left to the next call.
 */
export async function removeAbandoned({ docker }: Engine): Promise<void> {
  const filters = JSON.stringify({ label: [OWNER_LABEL] });
  const found = await docker.listContainers({ all: true, filters }).catch(() => []);
  for (const { Id: id, Labels: labels, State: state } of found) {
    const [machine, pid] = (labels[OWNER_LABEL] ?? '').split(':');
    if (state === 'running' || machine !== hostname() || isAlive(Number(pid))) continue;
    await docker
      .getContainer(id)
      .remove({ force: true, v: true })
      .catch(() => {});
  }
}

/** Removes every container with that label, running or not; returns how many there were. */
export async function removeLabelled({ docker }: Engine, label: string): Promise<number> {
  const filters = JSON.stringify({ label: [label] });
  const found = await docker.listContainers({ all: true, filters });
  await Promise.all(
    found.map(({ Id: id }) =>
      docker
        .getContainer(id)
        .remove({ force: true, v: true })
        .catch(() => {}),
    ),
  );
  return found.length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
