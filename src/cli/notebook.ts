import type { Io } from '../ui/io.ts';

/** Whether a cell of a Jupyter notebook (DSW too) runs the program: its kernel tells its children so. */
export function isNotebook(env: Record<string, string | undefined>): boolean {
  return Boolean(env.JPY_PARENT_PID);
}

/**
 * A cell gives the program a pseudo-terminal, but it draws control characters as text and nobody can type: for the
 * program that is a pipe.
 */
export function asPipe(io: Io): Io {
  const { stdout, stderr, stdin } = io;
  return {
    ...io,
    stdout: { isTty: false, columns: stdout.columns, write: (chunk) => stdout.write(chunk) },
    stderr: { isTty: false, columns: stderr.columns, write: (chunk) => stderr.write(chunk) },
    stdin: {
      isTty: false,
      readLine: (signal) => stdin.readLine(signal),
      readAll: (signal) => stdin.readAll(signal),
    },
  };
}
