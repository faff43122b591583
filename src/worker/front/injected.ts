import type { WorkerLimits } from '../../core/worker/spec.ts';
import { Dispatcher } from '../queue/dispatcher.ts';

/** A path of the instance's own port that user code answers apart from `process`. */
export interface Injected {
  /** What a caller has to show; undefined means the token of the service. */
  token: string | undefined;
  dispatcher: Dispatcher;
}

/** Handlers that user code has put into the front (serving.md d.5, `QueuedService.inject`), each with its own queue. */
export class InjectedHandlers {
  private readonly byPath = new Map<string, Injected>();

  constructor(private limits: WorkerLimits) {}

  /** The same path again replaces its handler. */
  add({ path, token }: { path: string; token?: string }): Dispatcher {
    const earlier = this.byPath.get(path)?.dispatcher;
    earlier?.failWaiting();
    earlier?.close();
    const dispatcher = new Dispatcher(this.limits.maxQueueSize, this.limits.keepaliveMs);
    dispatcher.ready = true;
    this.byPath.set(path, { token, dispatcher });
    return dispatcher;
  }

  at(path: string): Injected | undefined {
    return this.byPath.size === 0 ? undefined : this.byPath.get(path);
  }

  apply(limits: WorkerLimits): void {
    this.limits = limits;
    for (const { dispatcher } of this.byPath.values())
      dispatcher.setLimits(limits.maxQueueSize, limits.keepaliveMs);
  }

  /** The processor is gone. */
  clear(): void {
    for (const { dispatcher } of this.byPath.values()) {
      dispatcher.failWaiting();
      dispatcher.close();
    }
    this.byPath.clear();
  }
}
