import { readFileSync } from 'node:fs';

/** Names a process for ever: its pid alone may be given to another one later. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque text about when it started; equal text and pid mean the same process. */
  started: string;
}

/** Undefined when the process is gone or the system doesn't tell (Windows). */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? linuxStart(pid) : otherStart(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** Ends exactly that process, never a later one with the same pid. */
export function kill(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Alive and neither stopped nor held by a disk. False also where it costs another process to know (not on Linux). */
export function isAtWork({ pid, started }: ProcessIdentity): boolean {
  return process.platform === 'linux' && linuxStart(pid, 'RS') === started;
}

function linuxStart(pid: number, states = 'RSDTtI'): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the name may hold spaces and brackets, so fields are counted from its end; state is the 3rd, start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!states.includes(fields[0]!)) return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function otherStart(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  const listed = Bun.spawnSync(['ps', '-o', 'lstart=', '-p', String(pid)]);
  return listed.stdout.toString().trim() || undefined;
}
