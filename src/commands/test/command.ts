import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { View } from '../../ui/view.ts';
import { noteEffects } from '../effect.ts';
import { snapshot } from './files.ts';
import { type Runtime, readOptions, type TestOptions } from './options.ts';
import { type Plan, readPlan } from './plan.ts';
import { sendRequests } from './requests.ts';
import { chooseRuntime, containerSettings } from './runtime.ts';
import { makeScratch, removeFolder } from './scratch.ts';
import { Session } from './session.ts';
import type { Place } from './worker-spec.ts';

const WATCH_MS = 500;
/** Ending a container takes the engine a moment. */
const STOP_MS = 8_000;
/** The end of a processor is known a little later than the request that it broke. */
const CRASH_NEWS_MS = 1_000;
const nothing: View = { text: () => [], json: () => [] };

/**
 * `eascmd test`: runs the processor of a service description here, as EAS would (eascmd.md 2.16), until a signal, the
 * end of the processor, or the last of the requests it was given. Leaves nothing behind.
 */
export async function run(context: Context, args: Arguments): Promise<View> {
  const options = await readOptions(context, args);
  const first = await readPlan(context, options.file);
  const { python } = await context.clients.settings();
  const runtime = await chooseRuntime(context.host, options, context.note);
  noteEffects(context, first.document, runtime);
  using scratch = makeScratch(context.host);
  context.needsToStop(STOP_MS);
  const made: Made = {
    scratch: scratch.path,
    python,
    runtime,
    token: newToken(),
    port: options.port,
    count: 0,
  };
  if (options.isWatching) return await watch(context, options, first, made);
  const session = sessionOf(context, options, first, made);
  try {
    await session.start();
    if (context.signal.aborted) return nothing;
    const url = urlOf(session.port, first);
    sayReady(context, url, tokenOf(first, made));
    if (options.requests.length === 0) throw await ended(context, session);
    // By number: a name may try the IPv6 address first, where nobody listens.
    const target = {
      url: url.replace('localhost', '127.0.0.1'),
      token: tokenOf(first, made),
      timeoutMs: options.timeoutMs,
    };
    const sent = sendRequests(context, options.requests, target).catch(async (error) => {
      // A processor that crashed is told as such, not as the request it left without an answer.
      await Promise.race([session.failed, context.io.sleep(CRASH_NEWS_MS, context.signal)]);
      throw error;
    });
    const crashed = session.failed.then((error) => Promise.reject(error));
    return await Promise.race([crashed, sent]);
  } finally {
    await session.stop();
  }
}

/** What stays the same from one start to the next. */
interface Made {
  scratch: string;
  python: string | undefined;
  runtime: Runtime;
  token: string;
  port: number;
  count: number;
}

/** Starts again when a file changes; a processor that fails waits for that too. Ends with a signal only. */
async function watch(context: Context, options: TestOptions, first: Plan, made: Made): Promise<View> {
  let plan: Plan | undefined = first;
  while (!context.signal.aborted) {
    const { watched } = plan ?? first;
    const before = snapshot(watched);
    const session = plan && sessionOf(context, options, plan, made);
    const report = (error: unknown) => {
      if (!(error instanceof EasError)) throw error;
      context.note(`${error.message}${error.detail.map((line) => `\n  ${line}`).join('')}`);
      context.note('Waiting for a change');
    };
    try {
      if (session && plan) {
        const running = session.start().then(() => {
          made.port = session.port;
          if (!context.signal.aborted) sayReady(context, urlOf(session.port, plan!), tokenOf(plan!, made));
          return session.failed.then((error) => Promise.reject(error));
        });
        running.catch(report);
      }
      while (!context.signal.aborted && snapshot(watched) === before)
        await context.io.sleep(WATCH_MS, context.signal);
    } finally {
      await session?.stop();
      removeFolder(join(made.scratch, String(made.count)));
    }
    if (context.signal.aborted) break;
    context.say('[OK] Files have changed, starting again');
    plan = await readPlan(context, options.file).catch((error) => {
      report(error);
      return undefined;
    });
  }
  return nothing;
}

function sessionOf(context: Context, options: TestOptions, plan: Plan, made: Made): Session {
  const folder = join(made.scratch, String(++made.count));
  const workspace = join(folder, 'ws');
  const container = made.runtime === 'docker' ? containerSettings(options, plan.task) : undefined;
  const place: Place = {
    folder,
    workspace,
    shownWorkspace: container ? '/home/admin/docker_ml/workspace' : workspace,
    logFile: join(folder, 'log', 'instance.log'),
    port: made.port,
    token: tokenOf(plan, made),
    python: made.python,
    container,
    urlOf: (port) => urlOf(port, plan),
  };
  return new Session(context, plan, made.runtime, place);
}

/** Resolves when the processor ended by itself, or with nothing to say when a signal came. */
async function ended(context: Context, session: Session): Promise<EasError> {
  const aborted = new Promise<EasError>((resolve) => {
    const done = () => resolve(new EasError({ code: 'Interrupted', message: 'the test was stopped' }));
    if (context.signal.aborted) done();
    else context.signal.addEventListener('abort', done, { once: true });
  });
  return Promise.race([session.failed, aborted]);
}

function sayReady(context: Context, url: string, token: string): void {
  const authorization = token === '' ? '' : ` -H 'Authorization:${token}'`;
  context.say(`[OK] Ready. Try: curl ${url}${authorization} -d '...'`);
}

const urlOf = (port: number, { task }: Plan) => `http://localhost:${port}/api/predict/${task.name}`;
const tokenOf = ({ task }: Plan, made: Made) => task.token ?? made.token;
/** Base64 of 20 random bytes, the form of eascmd.md 2.16. */
const newToken = () => randomBytes(20).toString('base64');
