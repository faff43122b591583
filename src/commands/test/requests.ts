import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { View } from '../../ui/view.ts';
import { type Prediction, predictionListView } from '../../ui/views/predictions.ts';

/** Longest part of an answer that is shown as text; `-o json` has all of it. */
const SHOWN_CHARACTERS = 2_000;

export interface Target {
  url: string;
  token: string;
  timeoutMs: number;
}

/** Sends the bodies one after the other, prints answers and latency; EasError when any answer is not 200. */
export async function sendRequests(context: Context, bodies: Uint8Array[], target: Target): Promise<View> {
  const client = await context.clients.predictor();
  const answers: Prediction[] = [];
  for (const [index, body] of bodies.entries()) {
    const answer = await client.predict({ ...target, body, signal: context.signal });
    answers.push(answer);
    const { status, latencyMs } = answer;
    const mark = status === 200 ? '[OK]' : '[FAILED]';
    context.say(
      `${mark} Request ${index + 1}/${bodies.length}: status ${status}, ${latencyMs.toFixed(1)} ms, ${answer.body.length} bytes`,
      ...shown(answer.body),
    );
  }
  const failed = answers.filter(({ status }) => status !== 200);
  if (failed.length === 0) return predictionListView(answers);
  throw new EasError({
    code: 'RequestsFailed',
    message: `${failed.length} of ${answers.length} requests failed, the first with status ${failed[0]!.status}`,
    detail: shown(failed[0]!.body),
    hint: 'The log above says why; status 400 is what a processor answers when it raises an error.',
    status: failed[0]!.status,
  });
}

function shown(body: Uint8Array): string[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body).trimEnd();
    if (text === '') return [];
    return [text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text];
  } catch {
    return ['(bytes that are no text; -o json shows them as base64)'];
  }
}
