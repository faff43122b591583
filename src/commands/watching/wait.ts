import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError, ExitCode } from '../../core/errors.ts';
import type { Service } from '../../core/service/model.ts';
import type { Goal } from '../../core/wait/goal.ts';
import { watch } from '../../core/wait/watch.ts';
import { WaitLines } from '../../ui/progress.ts';
import { startSpinner } from '../../ui/spinner.ts';
import { failureOf } from './failure.ts';

const DEFAULT_TIMEOUT_MS = 30 * 60_000;

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
  const { io, clients, signal } = context;
  const { name, goal } = request;
  const resume = resumeLine(context, name);
  const timeoutMs = args.durationMs('timeout') ?? DEFAULT_TIMEOUT_MS;
  const api = await clients.api();
  context.ifInterrupted(
    `Stopped watching; nothing is undone, service [${name}] goes on. To watch it again:`,
    `  ${resume}`,
  );
  const lines = new WaitLines(io.now);
  const shortages = new Set<string>();
  const startedAt = io.now();
  const spinner = await startSpinner(io, context.isLively, `Waiting for service [${name}]`);
  try {
    const outcome = await watch({
      goal,
      before: request.before,
      clock: io,
      timeoutMs,
      signal,
      observe: () => api.describeService(name).catch(absentIfNotFound),
      onSeen: (service) => {
        if (!service || signal.aborted) return;
        const news = request.lineOf ? lines.repeat(request.lineOf(service)) : lines.next(service);
        if (news.length > 0) {
          spinner.pause();
          context.say(...news);
        }
        const shortage = shortageOf(service);
        if (shortage && !shortages.has(shortage)) {
          spinner.pause();
          context.note(`[WARN] Waiting for room: ${shortage}`);
          shortages.add(shortage);
        }
        spinner.update(`Service [${name}] is ${service.Status}, ${seconds(io.now() - startedAt)}`);
      },
    });
    spinner.stop();
    if (outcome.kind === 'interrupted') throw signal.reason;
    if (outcome.kind === 'failed') throw await failureOf(api, name, outcome.service);
    if (outcome.kind === 'timedOut') throw timedOut(request, timeoutMs, outcome.service, resume);
    return outcome.service;
  } finally {
    spinner.stop();
  }
}

/** Why a service stays Waiting, as far as its message tells: without room it may do so for ever (eascmd.md 5). */
function shortageOf({ Status, Message = '' }: Service): string | undefined {
  return Status === 'Waiting' && /insufficient/i.test(Message) ? Message : undefined;
}

/** What has not come yet, by the goal of the wait. */
const NOT_YET = {
  running: 'was not ready',
  stopped: 'was not stopped',
  deleted: 'was not deleted',
  settled: 'was still changing',
} as const;

function timedOut(
  { name, goal }: WaitRequest,
  timeoutMs: number,
  service: Service | undefined,
  resume: string,
): EasError {
  const state = service
    ? `it is ${service.Status} [Total: ${service.TotalInstance}, Pending: ${service.PendingInstance}, Running: ${service.RunningInstance}]`
    : 'it was not seen';
  const message = service?.Message ? `: ${service.Message}` : '';
  return new EasError({
    code: 'StillInProgress',
    message: `Service [${name}] ${NOT_YET[goal.kind]} after ${seconds(timeoutMs)}; ${state}${message}`,
    hint: `nothing is undone; watch it again with: ${resume}`,
    exit: ExitCode.stillInProgress,
  });
}

function absentIfNotFound(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}

/** openapi.md section 1: the code is certain, the status presumed. */
export function isNotFound(error: unknown): boolean {
  return error instanceof EasError && error.code === 'InvalidService.NotFound';
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
