import { test } from 'bun:test';

/** `test` when the tool is installed, else a skipped test; the reason is printed once per tool. */
export function testWith(tool: string): typeof test {
  if (Bun.which(tool)) return test;
  if (!reported.has(tool)) process.stderr.write(`skipping tests that need ${tool}: it is not installed\n`);
  reported.add(tool);
  return test.skip as typeof test;
}

const reported = new Set<string>();
