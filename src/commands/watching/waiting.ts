import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError, ExitCode } from '../../core/errors.ts';
import type { Looking, LookOutcome } from '../../core/wait/look.ts';
import { startSpinner } from '../../ui/spinner.ts';

const DEFAULT_TIMEOUT_MS = 30 * 60_000;

/** A wait as people see it: for what, its lines, and what its ends mean. */
export interface Waiting<T extends { Status: string }> {
  /** `service [echo]`, within a sentence. */
  what: string;
  /** The line that goes on watching. */
  resume: string;
  /** What the first Ctrl-C says about it, besides that line. */
  goesOn: string;
  look(part: Pick<Looking<T>, 'clock' | 'timeoutMs' | 'signal' | 'onSeen'>): Promise<LookOutcome<T>>;
  linesOf(seen: T): string[];
  /** What people should know about what is seen; each said once, on stderr. */
  warningOf?(seen: T): string | undefined;
  /** Why it failed. */
  failure(last: T | undefined): Error | Promise<Error>;
  /** `<what> <notYet> after …; <state>` when time is over, e.g. `was not ready`. */
  notYet: string;
  stateOf(last: T): string;
  /** Further lines for that case. */
  lateDetail?: (last: T) => Promise<string[]>;
}

/**
 * Waits with lines on stdout and a spinner on stderr. Returns what was seen last (undefined once it is gone). Throws when
 * it failed, when time was over (exit 8), or the signal's reason.
 */
export async function waitOut<T extends { Status: string }>(
  context: Context,
  args: Arguments,
  waiting: Waiting<T>,
): Promise<T | undefined> {
  const { io, signal } = context;
  const { what, resume } = waiting;
  const capital = what.charAt(0).toUpperCase() + what.slice(1);
  const timeoutMs = args.durationMs('timeout') ?? DEFAULT_TIMEOUT_MS;
  context.ifInterrupted(`Stopped watching; ${waiting.goesOn}. To watch it again:`, `  ${resume}`);
  const startedAt = io.now();
  const warned = new Set<string>();
  const spinner = await startSpinner(io, context.isLively, `Waiting for ${what}`);
  try {
    const outcome = await waiting.look({
      clock: io,
      timeoutMs,
      signal,
      onSeen: (seen) => {
        if (!seen || signal.aborted) return;
        const news = waiting.linesOf(seen);
        if (news.length > 0) {
          spinner.pause();
          context.say(...news);
        }
        const warning = waiting.warningOf?.(seen);
        if (warning && !warned.has(warning)) {
          spinner.pause();
          context.note(`[WARN] ${warning}`);
          warned.add(warning);
        }
        spinner.update(`${capital} is ${seen.Status}, ${seconds(io.now() - startedAt)}`);
      },
    });
    spinner.stop();
    if (outcome.kind === 'interrupted') throw signal.reason;
    if (outcome.kind === 'failed') throw await waiting.failure(outcome.last);
    if (outcome.kind === 'timedOut')
      throw new EasError({
        code: 'StillInProgress',
        message: `${capital} ${waiting.notYet} after ${seconds(timeoutMs)}; ${outcome.last ? waiting.stateOf(outcome.last) : 'it was not seen'}`,
        detail: outcome.last && (await waiting.lateDetail?.(outcome.last)),
        hint: `nothing is undone; watch it again with: ${resume}`,
        exit: ExitCode.stillInProgress,
      });
    return outcome.last;
  } finally {
    spinner.stop();
  }
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
