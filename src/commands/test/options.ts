import { resolve } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';
import type { PullPolicy } from '../../core/worker/container.ts';
import { unreadable } from '../description.ts';
import { linesOf } from '../predict/order.ts';

export type Runtime = 'docker' | 'process';

export interface TestOptions {
  /** The service description, absolute. */
  file: string;
  /** Undefined: docker where an engine answers. */
  runtime: Runtime | undefined;
  /** 0 picks a free one. */
  port: number;
  isWatching: boolean;
  /** Bodies to send once it is ready; none means to serve until it is stopped. */
  requests: Uint8Array[];
  timeoutMs: number;
  image: string | undefined;
  pull: PullPolicy;
  gpus: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_PORT = 65_535;

/** Throws a usage error for what doesn't go together. */
export async function readOptions(context: Context, args: Arguments): Promise<TestOptions> {
  const options: TestOptions = {
    file: resolve(context.host.cwd, args.required(0)),
    runtime: oneOf(args, 'runtime', ['docker', 'process']),
    port: args.wholeNumber('port', 1, MAX_PORT) ?? 0,
    isWatching: args.isSet('watch'),
    requests: await requestsOf(context, args),
    timeoutMs: args.durationMs('timeout') ?? DEFAULT_TIMEOUT_MS,
    image: args.text('image'),
    pull: oneOf(args, 'pull', ['missing', 'always', 'never']) ?? 'missing',
    gpus: args.text('gpus'),
  };
  if (options.isWatching && options.requests.length > 0)
    throw usageError(
      'WrongUsage',
      '--watch and --request were both given',
      'requests are sent once, and end it',
    );
  const needsDocker = (['image', 'gpus', 'pull'] as const).find((name) => args.text(name) !== undefined);
  if (options.runtime === 'process' && needsDocker)
    throw usageError(
      'WrongUsage',
      `--${needsDocker} is for --runtime docker`,
      'a processor run as a plain process uses what this machine has',
    );
  if (needsDocker) options.runtime = 'docker';
  return options;
}

function oneOf<Value extends string>(args: Arguments, name: string, values: Value[]): Value | undefined {
  const given = args.text(name);
  if (given === undefined || values.includes(given as Value)) return given as Value | undefined;
  throw usageError(
    'UnknownValue',
    `--${name} ${JSON.stringify(given)} is unknown`,
    `use ${values.join(' or ')}`,
  );
}

async function requestsOf({ host }: Context, args: Arguments): Promise<Uint8Array[]> {
  const requests = args.list('data').map((text) => new TextEncoder().encode(text));
  for (const file of args.list('request')) {
    try {
      requests.push(await Bun.file(resolve(host.cwd, file)).bytes());
    } catch (cause) {
      throw unreadable(file, cause);
    }
  }
  return args.isSet('lines') ? requests.flatMap((bytes) => [...linesOf(bytes)]) : requests;
}
