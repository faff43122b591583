import type { ServiceEvent } from '../../core/service/model.ts';
import { headedTable } from '../tables.ts';
import { localTime } from '../times.ts';
import { requestIdLine, type View } from '../view.ts';

/** openapi.md, DescribeServiceEvent: times are `YYYY-MM-DD HH:MM:SS` in UTC. */
export function eventListView(reply: { RequestId: string; Events: ServiceEvent[] }): View {
  return {
    text: () => [
      ...requestIdLine(reply.RequestId),
      ...headedTable(
        ['Time', 'Type', 'Reason', 'Message'],
        reply.Events.map((event) => [
          utcTime(event.Time),
          event.Type,
          event.Reason,
          plainMessage(event.Message),
        ]),
      ),
    ],
    json: () => reply,
  };
}

/** `events --follow`: one event, one line. */
export function eventLine(event: ServiceEvent): string {
  const { Time, Type, Reason, Message } = event;
  return `${utcTime(Time)} ${Type} ${Reason}: ${plainMessage(Message)}`;
}

function utcTime(text: string): string {
  return localTime(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
}

/** The message is a JSON document as text; people want its `message`. */
function plainMessage(text: string): string {
  try {
    const document: unknown = JSON.parse(text);
    const message = (document as { message?: unknown } | null)?.message;
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}
