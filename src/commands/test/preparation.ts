import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { PrepareEvent, PrepareSpec } from '../../core/worker/prepare.ts';
import { startSpinner } from '../../ui/spinner.ts';
import { startChild } from './child.ts';
import { type ObjectPlace, withObjects } from './objects.ts';

/** Lays out a workspace in a process of its own; EasError when that fails. A signal ends it, with nothing thrown. */
export async function prepare(
  context: Context,
  asked: PrepareSpec,
  objects: ObjectPlace,
  stderrFile: string,
): Promise<void> {
  const spinner = await startSpinner(context.io, context.isLively, 'Fetching the packages');
  const spec = await withObjects(context, asked, objects).catch((error) => {
    spinner.stop();
    if (context.signal.aborted) return undefined;
    throw error;
  });
  if (!spec) return;
  let end: PrepareEvent | undefined;
  const child = startChild<PrepareEvent>(context.host, '__prepare', stderrFile, (event) => {
    if (event.type === 'progress') spinner.update(event.message);
    else end = event;
  });
  const abort = () => child.kill();
  context.signal.addEventListener('abort', abort);
  child.send(spec);
  child.endInput();
  const code = await child.exited.finally(() => {
    context.signal.removeEventListener('abort', abort);
    spinner.stop();
  });
  if (context.signal.aborted || end?.type === 'done') return;
  const known = end?.type === 'error' ? end : undefined;
  throw new EasError({
    code: known?.code ?? 'PrepareFailed',
    message: known?.message ?? `preparing the packages ended with code ${code}`,
    hint: known?.hint,
  });
}
