import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Leftover {
  pid: number;
  command: string;
}

/**
 * Processes of ours that belong to `folder`: started from it, working in it, or told of it on the command line or in
 * the environment. Linux tells all of this in /proc; elsewhere `ps` tells the command line only; Windows nothing.
 */
export async function leftovers(folder: string): Promise<Leftover[]> {
  const all =
    process.platform === 'linux'
      ? fromProc(folder)
      : process.platform === 'win32'
        ? []
        : await fromPs(folder);
  return all.filter(({ pid }) => pid !== process.pid && pid !== process.ppid);
}

function fromProc(folder: string): Leftover[] {
  const found: Leftover[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const facts = [
      tell(() => readlinkSync(`/proc/${name}/exe`)),
      tell(() => readlinkSync(`/proc/${name}/cwd`)),
      tell(() => readFileSync(`/proc/${name}/cmdline`, 'utf8')),
      tell(() => readFileSync(`/proc/${name}/environ`, 'utf8')),
    ];
    if (facts.some((fact) => fact.includes(folder)))
      found.push({ pid: Number(name), command: (facts[2] ?? '').replaceAll('\0', ' ').trim() });
  }
  return found;
}

/** A process may end, or belong to somebody else, while it is looked at. */
function tell(fact: () => string): string {
  try {
    return fact();
  } catch {
    return '';
  }
}

async function fromPs(folder: string): Promise<Leftover[]> {
  const listing = await new Response(Bun.spawn(['ps', '-axo', 'pid=,args=']).stdout).text();
  return listing.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match && line.includes(folder) ? [{ pid: Number(match[1]), command: match[2]! }] : [];
  });
}
