import { compile } from './build/compile.ts';
import { ownBinary } from './build/config.ts';
import { runChecks } from './checks/run.ts';
import { end, say } from './say.ts';
import { runSuite } from './suite/run.ts';

/**
 * `npm test`: type check, lint, a fresh binary, the whole suite. Arguments go to `bun test` (`-- test/unit`). The
 * closing line counts tests, and the type check and the linter as one each; anything failed makes the exit code 1.
 */
await end(async () => {
  const checks = await runChecks();
  await compile({ bun: process.execPath, output: ownBinary });
  const suite = await runSuite(process.argv.slice(2));
  const failed = checks.failed + suite.failed;
  say(`${checks.passed + suite.passed} passed, ${failed} failed, ${suite.skipped} skipped`);
  return failed > 0 ? 1 : 0;
});
