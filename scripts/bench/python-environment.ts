import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, output } from './bench.ts';

/** An interpreter with these packages, in an environment of this run; made once for each name. */
export async function pythonEnvironment(bench: Bench, name: string, packages: string[]): Promise<string> {
  const python = Bun.which('python3');
  if (!python) throw new Error('there is no python3');
  const folder = join(bench.folder, name);
  const own = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return own;
  bench.say(`packages from the registry: ${packages.join(' ')}`);
  await output([python, '-m', 'venv', folder]);
  await output([own, '-m', 'pip', 'install', '--quiet', '--retries', '1', ...packages]);
  await Bun.write(complete, '');
  return own;
}
