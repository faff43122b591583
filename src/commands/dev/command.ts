import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { View } from '../../ui/view.ts';
import { makeScratch } from '../test/scratch.ts';
import { Changes } from './changes.ts';
import { DESCRIPTION, type Project, readProject } from './project.ts';
import { isFree, recall, remember } from './remembered.ts';
import { Runner } from './runner.ts';

const MAX_PORT = 65_535;
const MAX_NAMED = 3;
/** What user code leaves behind may take a moment to end. */
const STOP_MS = 8_000;
const nothing: View = { text: () => [], json: () => [] };

/**
 * `eascmd dev`: serves a folder of `pysdk init` on this machine and starts its app.py again, in place, whenever a
 * file changes. Port and token stay the same, also in the next run on that folder. Ends with a signal only.
 */
export async function run(context: Context, args: Arguments): Promise<View> {
  const { host, io, signal } = context;
  const shown = args.required(0);
  const wantedPort = args.wholeNumber('port', 1, MAX_PORT);
  const named = resolve(host.cwd, shown);
  const read = () => readProject(named, shown, context.note);
  const first = await read();
  const folder = realpathSync(named);
  const { python } = await context.clients.settings();
  const bind = args.text('host') ?? '127.0.0.1';
  const known = recall(host, folder);
  const isRemembered = known.port > 0 && isFree(bind, known.port);
  const port = wantedPort ?? (isRemembered ? known.port : 0);
  using scratch = makeScratch(host);
  using changes = new Changes(folder, io, signal);
  context.needsToStop(STOP_MS);
  const dev = new Dev(context, {
    folder,
    scratch: scratch.path,
    bind,
    port,
    python,
    tokenOf: ({ task }) => args.text('token') ?? task.token ?? known.token,
  });
  try {
    await dev.open(first);
    if (signal.aborted) return nothing;
    remember(host, folder, { token: known.token, port: dev.port });
    for (let names = await changes.next(); names.length > 0; names = await changes.next())
      await dev.change(names, read);
    return nothing;
  } finally {
    await dev.close();
  }
}

interface DevOptions {
  folder: string;
  scratch: string;
  bind: string;
  port: number;
  python: string | undefined;
  tokenOf: (project: Project) => string;
}

/** One run of `eascmd dev`: a runner, replaced only when the description changes or it has died. */
class Dev {
  port: number;
  private runner: Runner | undefined;
  private count = 0;
  private begunAtMs = 0;
  private saidCurl = '';

  constructor(
    private readonly context: Context,
    private readonly options: DevOptions,
  ) {
    this.port = options.port;
  }

  async open(project: Project): Promise<void> {
    const { context, options } = this;
    const { scratch, bind, python, tokenOf } = options;
    const folder = join(scratch, String(++this.count));
    const token = tokenOf(project);
    const runner = new Runner({
      context,
      project: { ...project, folder: options.folder },
      bind,
      place: {
        folder,
        workspace: join(folder, 'ws'),
        shownWorkspace: join(folder, 'ws'),
        logFile: join(folder, 'log', 'instance.log'),
        port: this.port,
        token,
        python,
        container: undefined,
        urlOf: (port) => urlOf(bind, port, project),
      },
      onReady: () => this.sayReady(urlOf(bind, runner.port, project), token),
      onBroken: (error) => this.report(error),
    });
    this.runner = runner;
    this.begunAtMs = context.io.now();
    await runner.start();
    if (context.signal.aborted) return;
    this.port = runner.port;
    if (this.count === 1) context.say(`[OK] Serving at: [${urlOf(bind, this.port, project)}]`);
  }

  /** What was saved takes effect: in place, or with a new host when that was told something else before. */
  async change(names: string[], read: () => Promise<Project>): Promise<void> {
    const { context } = this;
    const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
    context.say(`[OK] Changed: ${names.slice(0, MAX_NAMED).join(', ')}${more}; starting again`);
    this.begunAtMs = context.io.now();
    if (this.runner?.isAlive && !names.includes(DESCRIPTION)) return this.runner.restart();
    try {
      const project = await read();
      await this.close();
      await this.open(project);
    } catch (error) {
      if (!(error instanceof EasError)) throw error;
      this.report(error);
    }
  }

  async close(): Promise<void> {
    await this.runner?.stop();
    this.runner = undefined;
  }

  private sayReady(url: string, token: string): void {
    const { context } = this;
    const seconds = ((context.io.now() - this.begunAtMs) / 1000).toFixed(2);
    const authorization = token === '' ? '' : ` -H 'Authorization:${token}'`;
    const curl = `curl ${url}${authorization} -d '...'`;
    context.say(curl === this.saidCurl ? `[OK] Ready again after ${seconds} s` : `[OK] Ready. Try: ${curl}`);
    this.saidCurl = curl;
  }

  private report(error: EasError): void {
    if (this.context.signal.aborted) return;
    const lines = [...error.detail, ...(error.hint ? [error.hint] : [])];
    this.context.note(`[FAILED] ${error.message}${lines.map((line) => `\n  ${line}`).join('')}`);
    this.context.note('Waiting for a change');
  }
}

function urlOf(bind: string, port: number, { task }: Project): string {
  const isEverywhere = bind === '0.0.0.0' || bind === '::';
  const name = isEverywhere ? '127.0.0.1' : bind.includes(':') ? `[${bind}]` : bind;
  return `http://${name}:${port}/api/predict/${task.name}`;
}
