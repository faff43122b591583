import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { warmUpRequests } from '../../core/worker/warm-up.ts';
import type { Dispatcher } from './dispatcher.ts';
import { replies } from './replies.ts';

const SHOWN_CHARACTERS = 200;

/** `gone`: the processor ended meanwhile, which is told by itself. */
export type WarmUpOutcome = 'warm' | 'gone' | { problem: string };

/** Sends the requests of a warm-up file, one after the other, until one is not answered 200. */
export async function warmUp(
  dispatcher: Dispatcher,
  workspace: string,
  file: string,
  log: (line: string) => void,
): Promise<WarmUpOutcome> {
  const begun = performance.now();
  const requests = warmUpRequests(file, await readFile(join(workspace, file)));
  for (const [index, request] of requests.entries()) {
    const reply = await dispatcher.ahead(request);
    const { status, body } = reply;
    if (status === 200) continue;
    if (reply === replies.reset) return 'gone';
    const answer = Buffer.from(body as Uint8Array)
      .toString()
      .slice(0, SHOWN_CHARACTERS);
    const which = `warm-up request ${index + 1} of ${requests.length}`;
    return { problem: `${which} was answered with status ${status}: ${answer}` };
  }
  log(
    `warm-up: ${requests.length} request${requests.length === 1 ? '' : 's'} answered in ${Math.round(performance.now() - begun)} ms`,
  );
  return 'warm';
}
