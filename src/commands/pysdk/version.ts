import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';
import { findInterpreters } from '../../pysdk/environment/interpreters.ts';

/** In the middle of those that Python's makers support in 2026: packages have wheels for it. */
const PREFERRED = '3.12';
const ATTEMPTS = 3;

/** Asks on a terminal (eascmd.md 2.15); elsewhere takes the default and says so. */
export async function askVersion(context: Context, isCopied: boolean): Promise<string> {
  const { io, signal } = context;
  const usual = isCopied ? await installedVersion(context) : PREFERRED;
  if (!io.stdin.isTty) {
    context.note(`[PYSDK] Taking Python ${usual}; --python <version> takes another`);
    return usual;
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    io.stderr.write(`[PYSDK] Please choose your python version [enter for ${usual}]: `);
    const line = await io.stdin.readLine(signal);
    signal.throwIfAborted();
    if (line === undefined) break;
    if (line.trim() === '') return usual;
    if (isVersionText(line.trim())) return line.trim();
    context.note(`[PYSDK] ${JSON.stringify(line.trim())} is no version of Python; e.g. ${usual}`);
  }
  throw usageError('NoVersion', 'No version of Python was chosen', 'name it: --python 3.12');
}

export function isVersionText(text: string): boolean {
  return /^[23]\.\d+(\.\d+)?$/.test(text);
}

/** The preferred one when this machine has it, else its newest. */
async function installedVersion({ host, signal }: Context): Promise<string> {
  const found = await findInterpreters({
    version: '',
    tooling: { cwd: host.cwd, env: host.env, signal },
    homeDir: host.homeDir,
    platform: host.platform,
  });
  const versions = found.map(({ version }) => version.split('.').slice(0, 2).join('.'));
  return versions.includes(PREFERRED) ? PREFERRED : (versions[0] ?? PREFERRED);
}
