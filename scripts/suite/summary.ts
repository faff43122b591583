import type { Tally } from '../checks/run.ts';

/**
 * Reads the counts that `bun test` prints at its end (` 12 pass`). A run that printed none, or that ended non-zero
 * without naming a failure, counts as one failure.
 */
export function readSummary(output: string, exitCode: number): Tally {
  const plain = Bun.stripANSI(output);
  const count = (word: string) => {
    const matches = [...plain.matchAll(new RegExp(`^ (\\d+) ${word}s?$`, 'gm'))];
    return Number(matches.at(-1)?.[1] ?? 0);
  };
  const failed = count('fail') + count('error');
  return {
    passed: count('pass'),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: count('skip') + count('todo'),
  };
}
