import { join } from 'node:path';
import { root } from '../build/config.ts';
import { say } from '../say.ts';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const checks = [
  { name: 'type check', tool: 'typescript/bin/tsc', args: ['--noEmit'] },
  { name: 'lint and format', tool: '@biomejs/biome/bin/biome', args: ['check', '.'] },
];

/** Runs the type checker and the linter over the whole tree; each counts as one, passed or failed. */
export async function runChecks(): Promise<Tally> {
  let failed = 0;
  for (const { name, tool, args } of checks) {
    const run = Bun.spawn(['node', join(root, 'node_modules', tool), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const code = await run.exited;
    say(code === 0 ? `${name}: ok` : `${name}: failed (exit code ${code})`);
    if (code !== 0) failed++;
  }
  return { passed: checks.length - failed, failed, skipped: 0 };
}
