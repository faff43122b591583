import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../core/errors.ts';
import type { EasApi } from '../core/service/api.ts';
import type { ServiceEvent } from '../core/service/model.ts';
import { parseMoment, requestTime } from '../core/wait/moment.ts';
import type { View } from '../ui/view.ts';
import { eventLine, eventListView } from '../ui/views/events.ts';
import { follow, refuseJson } from './following/follow.ts';

const PAGE_SIZE = '100';
/** One look follows so many pages: what came while the connection was lost, or in one burst. */
const MOST_PAGES = 20;
const TYPES = ['Normal', 'Warning'];

/** openapi.md DescribeServiceEvent; with --follow the events there are and those to come, oldest first. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const since = args.text('since');
  const startTime =
    since === undefined ? undefined : requestTime(parseMoment(since, '--since', context.io.now()));
  const query = { startTime, eventType: eventType(args.text('type')), pageSize: PAGE_SIZE };
  const api = await context.clients.api();
  if (!args.isSet('follow')) return eventListView(await api.describeServiceEvent(name, query));
  refuseJson(context);
  await followEvents(context, api, name, query);
  return { text: () => [], json: () => ({}) };
}

type Query = Parameters<EasApi['describeServiceEvent']>[1];

async function followEvents(context: Context, api: EasApi, name: string, query: Query): Promise<void> {
  let shown = new Map<string, number>();
  let from = query?.startTime;
  let pages = 1;
  await follow(context, name, async () => {
    const newestFirst = await latest(api, name, { ...query, startTime: from }, pages);
    pages = MOST_PAGES;
    const seen = new Map<string, number>();
    for (const event of newestFirst.toReversed()) {
      const key = JSON.stringify(event);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      if (times > (shown.get(key) ?? 0)) context.say(eventLine(event));
    }
    if (newestFirst.length > 0) shown = seen;
    // Times have whole seconds: the last one is asked for again.
    from = newestFirst[0] ? timeOf(newestFirst[0]) : from;
  });
}

/** Newest first, all there are or those of so many pages. What comes meanwhile moves the others along, so pages overlap. */
async function latest(api: EasApi, name: string, query: Query, mostPages: number): Promise<ServiceEvent[]> {
  const events: ServiceEvent[] = [];
  for (let pageNum = 1; pageNum <= mostPages; pageNum++) {
    const { Events: page, TotalCount: total } = await api.describeServiceEvent(name, {
      ...query,
      pageNum: String(pageNum),
    });
    events.push(...page.slice(overlap(events, page)));
    if (page.length === 0 || events.length >= total) break;
  }
  return events;
}

/** How many events at the beginning of the page are the last ones of those before it. */
function overlap(before: ServiceEvent[], page: ServiceEvent[]): number {
  const text = (events: ServiceEvent[]) => JSON.stringify(events);
  for (let count = Math.min(before.length, page.length); count > 0; count--)
    if (text(before.slice(-count)) === text(page.slice(0, count))) return count;
  return 0;
}

function timeOf({ Time: time }: ServiceEvent): string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time) ? time : requestTime(Date.parse(time));
}

function eventType(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const type = TYPES.find((known) => known.toLowerCase() === text.toLowerCase());
  if (!type)
    throw usageError('UnknownType', `--type ${JSON.stringify(text)} is unknown`, 'use Normal or Warning');
  return type;
}
