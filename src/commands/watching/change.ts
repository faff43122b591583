import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import type { Acknowledgement, Service } from '../../core/service/model.ts';
import type { Goal } from '../../core/wait/goal.ts';
import { requestIdLine, type View } from '../../ui/view.ts';
import { acceptedView } from '../../ui/views/changes.ts';
import { resumeLine, waitFor } from './wait.ts';

export interface Change {
  name: string;
  before: Service;
  reply: Acknowledgement;
  goal: Goal;
  /** Nothing of the service will look different, so an answer that looks as before is no old one. */
  changesNothing?: boolean;
  /** Last line of the text, e.g. `[OK] Service is running`. */
  lastLine: (service: Service | undefined) => string;
}

/** The common end of modify, start, stop and version (eascmd.md 2.17): what the API said, the wait, the last line. */
export async function followChange(context: Context, args: Arguments, change: Change): Promise<View> {
  const { name, reply } = change;
  context.say(...requestIdLine(reply.RequestId), `[OK] ${reply.Message}`);
  if (!args.isSet('wait')) return acceptedView(resumeLine(context, name), reply);
  // Local EAS answers a change after it is stored; of the cloud nothing is known, so an old answer is possible.
  const isAtOnce = change.changesNothing || (await context.clients.target()).kind === 'local';
  const before = isAtOnce ? undefined : change.before;
  const service = await waitFor(context, args, { name, goal: change.goal, before });
  context.say(change.lastLine(service));
  return { text: () => [], json: () => ({ ...service, RequestId: reply.RequestId }) };
}

/** A command that is one operation on a service and the wait for its end: start, stop, restart. */
export async function changeService(
  context: Context,
  args: Arguments,
  operation: 'startService' | 'stopService' | 'restartService',
  end: Pick<Change, 'goal' | 'lastLine'>,
): Promise<View> {
  const name = args.required(0);
  const api = await context.clients.api();
  const before = await api.describeService(name);
  const reply = await api[operation](name);
  return followChange(context, args, { name, before, reply, ...end });
}

/** For the changes after which the service is meant to run. */
export function runningLine(service: Service | undefined): string {
  return service?.Status === 'Stopped' ? '[OK] Service is stopped' : '[OK] Service is running';
}
