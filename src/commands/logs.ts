import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import type { EasApi } from '../core/service/api.ts';
import { parseMoment, requestTime } from '../core/wait/moment.ts';
import type { View } from '../ui/view.ts';
import { follow, refuseJson } from './following/follow.ts';
import { InstanceLogReader, type LogFilter } from './following/instance-log.ts';
import { lastLogLines } from './watching/failure.ts';
import { listAllInstances } from './watching/instances.ts';

const DEFAULT_LINES = 500;
const MOST_LINES = 10_000;

/** The last lines of the log; with --follow also everything that comes after them, until a signal. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const instance = args.text('instance');
  const count = args.wholeNumber('tail', 0, MOST_LINES) ?? DEFAULT_LINES;
  const since = args.text('since');
  const filter: LogFilter = {
    keyword: args.text('keyword'),
    sinceMs: since === undefined ? undefined : parseMoment(since, '--since', context.io.now()),
  };
  const isPrevious = args.isSet('previous');
  if (args.isSet('follow')) {
    refuseJson(context);
    if (isPrevious)
      throw usageError(
        'WrongUsage',
        '--previous is over, it can not be followed',
        'leave out -f or --previous',
      );
    await followLogs(context, name, { instance, filter, count });
    return { text: () => [], json: () => ({}) };
  }
  const lines = await lastLogLines(await context.clients.api(), name, {
    instanceName: instance,
    previous: isPrevious || undefined,
    startTime: filter.sinceMs === undefined ? undefined : requestTime(filter.sinceMs),
    keyword: filter.keyword,
    count,
  });
  return { text: () => lines, json: () => ({ Logs: lines }) };
}

interface Followed {
  instance: string | undefined;
  filter: LogFilter;
  count: number;
}

/** Each instance by itself; once there are several, their names stand before the lines. */
async function followLogs(context: Context, name: string, followed: Followed): Promise<void> {
  const api = await context.clients.api();
  const readers = new Map<string, InstanceLogReader>();
  let areSeveral = false;
  let isFirst = true;
  await follow(context, name, async () => {
    const present = await instanceNames(api, name, followed.instance);
    for (const instance of present)
      if (!readers.has(instance))
        readers.set(instance, new InstanceLogReader(api, name, instance, followed.filter, context.io.now));
    areSeveral ||= readers.size > 1;
    for (const [instance, reader] of readers) {
      // An instance that came later is shown from its first line on.
      const lines = await reader.next(isFirst ? followed.count : MOST_LINES).catch((error) => {
        if ((error as { code?: string }).code === 'InvalidInstance.NotFound') return [];
        throw error;
      });
      context.say(...(areSeveral ? lines.map((line) => `[${instance}] ${line}`) : lines));
      if (!present.includes(instance)) readers.delete(instance);
    }
    isFirst = false;
  });
}

async function instanceNames(api: EasApi, name: string, only: string | undefined): Promise<string[]> {
  if (only !== undefined) return [only];
  return (await listAllInstances(api, name)).Instances.map(({ InstanceName }) => InstanceName);
}
