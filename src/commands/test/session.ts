import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { WorkerEvent } from '../../core/worker/spec.ts';
import { type Child, startChild, stopChild } from './child.ts';
import { LogFollower } from './log-follower.ts';
import { prefixed } from './log-lines.ts';
import type { Runtime } from './options.ts';
import { type Plan, prepareSpec } from './plan.ts';
import { prepare } from './preparation.ts';
import { Pulling } from './pulling.ts';
import { type Place, workerSpecOf } from './worker-spec.ts';

/** One start of the processor: packages laid out, host running, its log on stdout; ended by `stop`. */
export class Session {
  port = 0;
  /** Resolves when it ended without being told to. */
  readonly failed: Promise<EasError>;
  private readonly ready = Promise.withResolvers<void>();
  private readonly failure = Promise.withResolvers<EasError>();
  private readonly early: string[] = [];
  private readonly pulling: Pulling;
  private address = '127.0.0.1';
  private child: Child | undefined;
  private follower: LogFollower | undefined;
  private isStopping = false;

  constructor(
    private readonly context: Context,
    private readonly plan: Plan,
    private readonly runtime: Runtime,
    private readonly place: Place,
  ) {
    this.failed = this.failure.promise;
    this.pulling = new Pulling(context);
  }

  /** Resolves when the processor takes requests; EasError when it can't be prepared, started or loaded. */
  async start(): Promise<void> {
    mkdirSync(dirname(this.place.logFile), { recursive: true, mode: 0o700 });
    await this.prepared();
    if (this.context.signal.aborted) return;
    const verb = this.runtime === 'docker' ? '__container' : '__worker';
    const child = startChild<WorkerEvent>(this.context.host, verb, this.place.logFile, (event) =>
      this.onEvent(event),
    );
    this.child = child;
    void child.exited.then((code) => this.fail(endedEarly(this.runtime, code)));
    child.send(workerSpecOf(this.plan, this.place));
    const aborted = new Promise<void>((resolve) =>
      this.context.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    const outcome = await Promise.race([this.ready.promise, this.failed, aborted]);
    if (outcome instanceof EasError) throw outcome;
  }

  /** Ends the processor and everything started for it; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.pulling.stop();
    const { child } = this;
    if (child) await stopChild(this.context.io, child);
    await this.follower?.stop();
  }

  private prepared(): Promise<void> {
    const { context, plan, place } = this;
    const fetching = [
      plan.model && `model from [${plan.model.shown}]`,
      `processor from [${plan.processor.shown}]`,
    ];
    for (const what of fetching) if (what) this.early.push(this.now(`Fetching ${what}`));
    const objects = { folder: join(dirname(place.folder), 'objects'), endpoint: plan.task.ossEndpoint };
    return prepare(context, prepareSpec(plan, place.workspace), objects, place.logFile);
  }

  private onEvent(event: WorkerEvent): void {
    switch (event.type) {
      case 'pulling':
        this.pulling.update(event);
        break;
      case 'pulled':
        this.pulling.done();
        break;
      case 'created':
        this.context.say(`[OK] Create docker from: ${event.image}`, `[OK] Create docker: ${event.container}`);
        break;
      case 'listening':
        this.listening(event.port, event.address);
        break;
      case 'ready':
        // The log of the start stands before the line that says it is over.
        this.follower?.catchUp();
        this.ready.resolve();
        break;
      case 'exited':
        this.fail(processorEnded(event.message, event.state.reason, this.plan.task.memoryMb));
        break;
      case 'fatal':
        this.fail(new EasError({ code: event.code, message: event.message, hint: event.hint }));
        break;
    }
  }

  private listening(port: number, address: string | undefined): void {
    const { task } = this.plan;
    this.port = port;
    if (address) this.address = address;
    this.context.say(
      `[OK] Serving at: [${this.place.urlOf(port)}]`,
      ...this.early.map((line) => line.replace('[127.0.0.1]', `[${this.address}]`)),
      this.now('----------------------------SERVICE LOG--------------------------------'),
      ...(task.modelPath ? [this.now(`Uncompressing model[${this.place.shownWorkspace}/model]`)] : []),
      this.now(`Uncompressing processor[${this.place.shownWorkspace}/predictor]`),
      this.now(`[INFO] Token: [${this.place.token}]`),
    );
    this.follower = new LogFollower(this.context, this.place.logFile, this.address);
  }

  private now(text: string): string {
    return prefixed(text, this.address, this.context.io.now());
  }

  private fail(error: EasError): void {
    if (!this.isStopping) this.failure.resolve(error);
  }
}

function endedEarly(runtime: Runtime, code: number): EasError {
  return new EasError({
    code: 'ProcessorHostEnded',
    message: `the processor host ended with code ${code}`,
    hint: runtime === 'docker' ? 'see what the container printed above' : 'run it again with --debug',
  });
}

/** `message` is what the host says: one line of what happened, then the last output. */
function processorEnded(message: string, reason: string, memoryMb: number | undefined): EasError {
  const [what = '', ...output] = message.split('\n');
  const isOutOfMemory = reason === 'OOMKilled';
  const limit = memoryMb === undefined ? '' : ` (metadata.memory is ${memoryMb} MB)`;
  return new EasError({
    code: isOutOfMemory ? 'OutOfMemory' : 'ProcessorEnded',
    message: isOutOfMemory ? `the processor was killed because memory ran out${limit}` : what,
    detail: output,
    hint: isOutOfMemory
      ? 'Give it more with metadata.memory, or load a smaller model.'
      : 'Repair the processor and run the test again; --watch does so by itself.',
  });
}
