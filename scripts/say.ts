/** One line on stdout. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a script to its exit code; what it throws becomes one paragraph on stderr and exit code 1. */
export async function end(script: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await script();
  } catch (error) {
    const causes = error instanceof AggregateError ? error.errors.map(String) : [];
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${[message, ...causes].join('\n')}\n`);
    process.exitCode = 1;
  }
}
