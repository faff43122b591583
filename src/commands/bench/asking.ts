import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { confirmed } from '../confirmation.ts';

const PAST = { start: 'started', stop: 'stopped', delete: 'deleted' };

/** The question before a task is started, stopped or deleted (eascmd.md 2.14). */
export async function askAbout(context: Context, args: Arguments, verb: keyof typeof PAST): Promise<void> {
  const task = args.required(0);
  const { region } = await context.clients.target();
  await confirmed(context, args, {
    question: `Are you sure to ${verb} the benchmark task [${task}] in [${region}]?`,
    refused: `Benchmark task [${task}] was not ${PAST[verb]}`,
  });
}
