import type { Context } from '../../cli/context.ts';
import { type StatsState, statsHeaders, statsPage } from '../../core/benchmark/page.ts';
import type { RawReport } from '../../core/benchmark/report.ts';
import { hasEnded } from '../../core/benchmark/states.ts';
import { EasError } from '../../core/errors.ts';
import { visualizeLines } from '../../ui/views/benchmarks.ts';
import { isTaskNotFound } from './waiting.ts';

const PATH = '/eas-benchmark/statsview';
const LOOK_MS = 1_000;

/**
 * Serves the page of a task on loopback, with numbers no older than a second while it runs. Ends with the signal, which it
 * throws, or with `untilEnd` when the task is over.
 */
export async function serveStats(
  context: Context,
  task: string,
  options: { port: number; untilEnd: boolean },
): Promise<void> {
  const { io, signal, program } = context;
  const stats = new Stats(context, task);
  await stats.look();
  const server = listen(stats, options.port);
  try {
    context.say(...visualizeLines(`http://127.0.0.1:${server.port}${PATH}`, program, task));
    context.ifInterrupted(
      'The page is closed; the benchmark task goes on. To open it again:',
      `  ${program} bench visualize ${task}`,
    );
    while (!signal.aborted) {
      if (options.untilEnd && stats.isOver) return;
      await io.sleep(LOOK_MS, signal);
      if (!stats.isOver && !signal.aborted) await stats.look();
    }
    throw signal.reason;
  } finally {
    await server.stop(true);
  }
}

/** What is known of a task, looked at once a second whoever reads it. */
class Stats {
  state: StatsState;
  isOver = false;

  constructor(
    private readonly context: Context,
    private readonly task: string,
  ) {
    this.state = { task: { TaskName: task, Status: '' } };
  }

  /** Trouble with a look is shown on the page, and the next one tries again; only the first one throws. */
  async look(): Promise<void> {
    const isFirst = this.state.task.Status === '';
    try {
      const api = await this.context.clients.api();
      const task = await api.describeBenchmarkTask(this.task);
      const report = await api.describeBenchmarkTaskReport(this.task, 'RAW').catch(noReportYet);
      this.state = { task, data: parsed(report?.Data) };
      this.isOver = hasEnded(task.Status);
    } catch (error) {
      if (isFirst || !(error instanceof EasError)) throw error;
      this.isOver = isTaskNotFound(error);
      const trouble = this.isOver ? 'the task was deleted' : `${error.message}; trying again`;
      this.state = { ...this.state, trouble };
    }
  }
}

function noReportYet(error: unknown): undefined {
  if (!isTaskNotFound(error)) throw error;
}

/** The API's `Data` is of any kind: an object, or the same as text. */
function parsed(data: unknown): RawReport | undefined {
  try {
    const value: unknown = typeof data === 'string' ? JSON.parse(data) : data;
    return typeof value === 'object' && value !== null ? (value as RawReport) : undefined;
  } catch {
    return undefined;
  }
}

function listen(stats: Stats, port: number): Bun.Server<undefined> {
  try {
    return Bun.serve({
      hostname: '127.0.0.1',
      port,
      fetch: (request) => answer(request, stats),
    });
  } catch (cause) {
    throw new EasError({
      code: 'PortTaken',
      message: `Can't listen on port ${port} of 127.0.0.1: ${(cause as Error).message}`,
      hint: 'choose another --port, or leave it out for a free one',
      cause,
    });
  }
}

function answer(request: Request, { state }: Stats): Response {
  const { hostname, pathname } = new URL(request.url);
  // Another site's name that was made to lead here must not read the numbers.
  if (!['127.0.0.1', 'localhost'].includes(hostname)) return new Response('', { status: 403 });
  if (request.method !== 'GET') return new Response('', { status: 405 });
  if (pathname === PATH) return new Response(statsPage(state, true), { headers: statsHeaders() });
  if (pathname === `${PATH}/data`)
    return Response.json(publicState(state), { headers: { 'cache-control': 'no-store' } });
  if (pathname === '/') return Response.redirect(PATH);
  return new Response('', { status: 404 });
}

/** Without the token and the document of the task. */
function publicState({ task, ...rest }: StatsState): StatsState {
  const { Token: _token, Config: _config, ...shown } = task;
  return { task: shown, ...rest };
}
