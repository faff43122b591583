import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { Service } from '../../core/service/model.ts';
import type { Goal } from '../../core/wait/goal.ts';
import { watch } from '../../core/wait/watch.ts';
import { WaitLines } from '../../ui/progress.ts';
import { failureOf, latestLines } from './failure.ts';
import { waitOut } from './waiting.ts';

export interface WaitRequest {
  name: string;
  goal: Goal;
  before?: Service;
  /** Shown instead of the usual lines at every look, e.g. `[OK] Service is terminating`. */
  lineOf?: (service: Service) => string;
}

export function resumeLine({ program }: Pick<Context, 'program'>, name: string): string {
  return `${program} wait ${name}`;
}

/**
 * Waits as `create` and its kin do, with their `[OK]` lines. Returns the service as it was seen last (undefined
 * once it is gone). Throws when it failed, when time was over (exit 8), or the signal's reason.
 */
export async function waitFor(
  context: Context,
  args: Arguments,
  request: WaitRequest,
): Promise<Service | undefined> {
  const { name, goal, before } = request;
  const api = await context.clients.api();
  const lines = new WaitLines(context.io.now);
  return waitOut<Service>(context, args, {
    what: `service [${name}]`,
    resume: resumeLine(context, name),
    goesOn: `nothing is undone, service [${name}] goes on`,
    async look(part) {
      const observe = () => api.describeService(name).catch(absentIfNotFound);
      const { kind, service } = await watch({ goal, before, observe, ...part });
      return { kind, last: service };
    },
    linesOf: (service) => (request.lineOf ? lines.repeat(request.lineOf(service)) : lines.next(service)),
    warningOf: shortageOf,
    failure: (service) => failureOf(api, name, service),
    notYet: NOT_YET[goal.kind],
    stateOf,
    lateDetail: async () =>
      goal.kind === 'running' || goal.kind === 'settled' ? latestLines(api, name) : [],
  });
}

/** What has not come yet, by the goal of the wait. */
const NOT_YET = {
  running: 'was not ready',
  stopped: 'was not stopped',
  deleted: 'was not deleted',
  settled: 'was still changing',
} as const;

/** Why a service stays Waiting, as far as its message tells: without room it may do so for ever (eascmd.md 5). */
function shortageOf({ Status, Message = '' }: Service): string | undefined {
  return Status === 'Waiting' && /insufficient/i.test(Message) ? `Waiting for room: ${Message}` : undefined;
}

function stateOf({ Status, TotalInstance, PendingInstance, RunningInstance, Message }: Service): string {
  const counts = `Total: ${TotalInstance}, Pending: ${PendingInstance}, Running: ${RunningInstance}`;
  return `it is ${Status} [${counts}]${Message ? `: ${Message}` : ''}`;
}

function absentIfNotFound(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}

/** openapi.md section 1: the code is certain, the status presumed. */
export function isNotFound(error: unknown): boolean {
  return error instanceof EasError && error.code === 'InvalidService.NotFound';
}
