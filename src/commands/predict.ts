import { resolve } from 'node:path';
import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { EasError, usageError } from '../core/errors.ts';
import { isInsideCloud } from '../core/target.ts';
import type { View } from '../ui/view.ts';
import { type Prediction, predictionListView, predictionView } from '../ui/views/predictions.ts';
import { unreadable } from './description.ts';
import { predictionFailure } from './predict/failure.ts';
import { inOrder, linesOf } from './predict/order.ts';
import { serviceOrEntrance } from './predict/service.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_CONCURRENCY = 1_000;

/** Sends data to a service as its clients do: the endpoint and token are those of `desc` (serving.md a). */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const timeoutMs = args.durationMs('timeout') ?? DEFAULT_TIMEOUT_MS;
  const concurrency = args.wholeNumber('concurrency', 1, MAX_CONCURRENCY);
  const isLines = args.isSet('lines');
  if (concurrency !== undefined && !isLines)
    throw usageError(
      'WrongUsage',
      '--concurrency is for --lines',
      'add --lines to send one request per line',
    );
  const body = await inputOf(context, args);
  const send = await sender(context, name, timeoutMs);
  if (!isLines) return predictionView(await send(body));
  return predictLines(context, linesOf(body), concurrency ?? 1, send);
}

type Send = (body: Uint8Array, where?: string) => Promise<Prediction>;

async function sender({ clients, signal }: Context, name: string, timeoutMs: number): Promise<Send> {
  const api = await clients.api();
  const service = await serviceOrEntrance(api, name);
  const { InternetEndpoint: internet, IntranetEndpoint: intranet } = service;
  // Who manages the service from inside the cloud may have no way out of it.
  const url = isInsideCloud(await clients.target()) ? intranet || internet : internet || intranet;
  if (!url)
    throw new EasError({
      code: 'NoEndpoint',
      message: `Service [${name}] is ${service.Status} and has no endpoint yet`,
      hint: `wait for it: eascmd wait ${name}`,
    });
  const client = await clients.predictor();
  return async (body, where) => {
    const answer = await client.predict({ url, token: service.AccessToken, body, timeoutMs, signal });
    if (answer.status !== 200)
      throw predictionFailure(name, answer.status, new TextDecoder().decode(answer.body), where);
    return answer;
  };
}

async function predictLines(
  { isJson, say }: Context,
  lines: Iterable<Uint8Array>,
  concurrency: number,
  send: Send,
): Promise<View> {
  const predictions: Prediction[] = [];
  const answers = inOrder(lines, concurrency, (line, index) => send(line, `line ${index + 1} of the input`));
  for await (const answer of answers) {
    if (isJson) predictions.push(answer);
    else say(oneLine(answer.body));
  }
  return predictionListView(predictions);
}

/** One answer is one line of output, whatever it holds. */
function oneLine(body: Uint8Array): string {
  return new TextDecoder().decode(body).trimEnd().replaceAll(/\r?\n/g, ' ');
}

async function inputOf({ host, io, signal }: Context, args: Arguments): Promise<Uint8Array> {
  const data = args.text('data');
  const file = args.text('file');
  if (data !== undefined && file !== undefined)
    throw usageError('WrongUsage', '-d and -f were both given', 'the request body comes from one of them');
  if (data !== undefined) return new TextEncoder().encode(data);
  if (file !== undefined && file !== '-') {
    try {
      return await Bun.file(resolve(host.cwd, file)).bytes();
    } catch (cause) {
      throw unreadable(file, cause);
    }
  }
  if (io.stdin.isTty)
    throw usageError('NoData', 'There is no data to send', 'pass -d <text>, -f <file>, or pipe it in');
  return io.stdin.readAll(signal);
}
