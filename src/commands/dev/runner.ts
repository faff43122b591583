import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../../cli/context.ts';
import { EasError } from '../../core/errors.ts';
import type { WorkerEvent } from '../../core/worker/spec.ts';
import { type Child, startChild, stopChild } from '../test/child.ts';
import { LogFollower } from '../test/log-follower.ts';
import { modelSpec } from '../test/plan.ts';
import { prepare } from '../test/preparation.ts';
import { type Place, workerSpecOf } from '../test/worker-spec.ts';
import type { Project } from './project.ts';

export interface RunnerOptions {
  context: Context;
  project: Project;
  place: Place;
  bind: string;
  /** The processor takes requests, after the start and after each restart. */
  onReady: () => void;
  /** The processor ended by itself, or can't start as it is; the port answers 503 until the next restart. */
  onBroken: (error: EasError) => void;
}

/** The processor host of a project. It outlives its processor, so the port stays open while that is replaced. */
export class Runner {
  port = 0;
  /** False once the host itself has gone. */
  isAlive = true;
  private child: Child | undefined;
  private follower: LogFollower | undefined;
  private isStopping = false;

  constructor(private readonly options: RunnerOptions) {}

  /** Resolves when the port is open; EasError when the model can't be laid out or the host can't listen. */
  async start(): Promise<void> {
    const { context, place, bind } = this.options;
    mkdirSync(dirname(place.logFile), { recursive: true, mode: 0o700 });
    await this.layOut();
    if (context.signal.aborted) return;
    const listening = Promise.withResolvers<void>();
    const child = startChild<WorkerEvent>(context.host, '__worker', place.logFile, (event) => {
      if (event.type === 'listening') {
        this.port = event.port;
        listening.resolve();
      } else if (event.type === 'fatal') listening.reject(new EasError(event));
      else this.onEvent(event);
    });
    this.child = child;
    void child.exited.then((code) => {
      this.isAlive = false;
      const error = new EasError({
        code: 'ProcessorHostEnded',
        message: `the processor host ended with code ${code}`,
      });
      listening.reject(error);
      if (this.follower && !this.isStopping) this.options.onBroken(error);
    });
    child.send(this.spec());
    await listening.promise;
    this.follower = new LogFollower(context, place.logFile, bind);
  }

  /** Starts the processor anew from the files; resolves at once. */
  restart(): void {
    this.child?.send({ type: 'restart' });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.child) await stopChild(this.options.context.io, this.child);
    await this.follower?.stop();
  }

  private async layOut(): Promise<void> {
    const { context, project, place } = this.options;
    const { model, warmUp } = project;
    if (!model && !warmUp) return void mkdirSync(join(place.workspace, 'model'), { recursive: true });
    const objects = { folder: join(dirname(place.folder), 'objects'), endpoint: project.task.ossEndpoint };
    await prepare(context, modelSpec(project, place.workspace), objects, place.logFile);
  }

  private spec() {
    const { project, place, bind } = this.options;
    const spec = workerSpecOf(project, place);
    return {
      ...spec,
      instance: `${spec.service}-dev`,
      host: bind,
      processor: { ...spec.processor, root: project.folder },
    };
  }

  private onEvent(event: WorkerEvent): void {
    if (event.type === 'ready') this.options.onReady();
    if (event.type !== 'exited') return;
    const [what = ''] = event.message.split('\n');
    this.options.onBroken(
      new EasError({
        code: event.state.reason === 'OOMKilled' ? 'OutOfMemory' : 'ProcessorEnded',
        message: event.state.reason === 'OOMKilled' ? 'the processor was killed: memory ran out' : what,
      }),
    );
  }
}
