/**
 * What Local EAS (and later `eascmd test`) says to a processor host, and what the host says back. Both are JSON,
 * one document a line: the spec is the first line on the host's stdin, commands follow on stdin, events come on
 * stdout. End of stdin means that whoever started the host is gone: the host kills what it started and leaves.
 */

import type { ContainerSettings } from './container.ts';

export type ProcessorType = 'cpp' | 'java' | 'python';

export interface WorkerSpec {
  service: string;
  /** Unique on this machine, e.g. `digits-6d4c8b9f7-x2x4q`. */
  instance: string;
  /** Address and port of the instance's own HTTP listener; port 0 picks a free one. */
  host: string;
  port: number;
  /** Where the gateway's link and the processor's threads connect: a short path of a folder with mode 0700. */
  runDir: string;
  /** What the gateway says in its Hello; generated for this instance by whoever started the host. */
  secret: string;
  /** Access token of the service; the empty string makes it public. */
  token: string;
  /** Folder that holds `model/` and `predictor/`, laid out by `__prepare`. */
  workspace: string;
  processor: {
    type: ProcessorType;
    /** File inside the processor package, e.g. `libecho.so` or `./app.py`. */
    entry: string;
    mainClass?: string;
    /** Interpreter for Python packages that bring no ENV. */
    python?: string;
    /** Python only: folder that user code runs in, when it is no package of the workspace (`eascmd dev`). */
    root?: string;
  };
  /** As in the service JSON; empty means "the file name of model_path" was resolved to nothing. */
  modelEntry: string;
  /** Text handed to the processor; never undefined (serving.md d.2). */
  modelConfig: string;
  /** The service JSON as user code may see it (core/service/config-text.ts). */
  serviceConfig?: string;
  /** File of warm-up requests in the workspace (core/worker/warm-up.ts): ready is reached when all are answered 200. */
  warmUp?: string;
  limits: WorkerLimits;
  /** What `Property.get` answers inside the processor: `rpc.*` and the rest of metadata, flattened to text. */
  properties: Record<string, string>;
  /** Environment added to that of user code. */
  env: Record<string, string>;
  /** The instance's log; the host appends its own lines and everything user code prints. */
  logFile: string;
  /** Longest time a start may take before it counts as failed. */
  startTimeoutMs: number;
  /** Time to finish what is in flight after `drain`. */
  graceMs: number;
  /** TCP port on which the gateway's link listens too: a socket file can't be reached from outside a container. */
  linkPort?: number;
  /** For `__container` only: where the worker runs. */
  container?: ContainerSettings;
}

/** serving.md (e); defaults in core/service/limits.ts. */
export interface WorkerLimits {
  workerThreads: number;
  ioThreads: number;
  maxQueueSize: number;
  keepaliveMs: number;
  /** Requests per second; 0 is off. */
  rateLimit: number;
  enableSigterm: boolean;
  /** `runtime.enable_crash_block`: leave a crashed processor down. */
  crashBlock: boolean;
}

/** Stdin of the host, after the spec. `restart` starts user code anew; requests wait meanwhile. */
export type WorkerCommand = { type: 'drain' } | { type: 'stop' } | { type: 'restart' };

export interface ContainerState {
  exitCode: number;
  /** RFC 3339, UTC, whole seconds. */
  startedAt: string;
  finishedAt: string;
  /** `Error`, `Completed`, `OOMKilled` or a signal name. */
  reason: string;
}

/** Stdout of the host. */
export type WorkerEvent =
  /** Containers only, before `listening`: the image is fetched (bytes as far as the engine knows them), then there. */
  | { type: 'pulling'; image: string; doneBytes: number; totalBytes: number }
  | { type: 'pulled'; image: string }
  /** Containers only: the container exists; `container` is its id, 64 hex digits. */
  | { type: 'created'; container: string; image: string }
  /** The HTTP front is up (it answers 503 until `ready`); `link` is the socket that speaks exchange frames,
   * `address` the container's own when it has one. */
  | { type: 'listening'; port: number; link: string; address?: string }
  | { type: 'ready' }
  /** The processor ended or failed to start. `willRestart` tells whether the host tries again, after `delayMs`. */
  | {
      type: 'exited';
      state: ContainerState;
      restarts: number;
      willRestart: boolean;
      delayMs: number;
      message: string;
    }
  /** About once a second while there is anything to say. */
  | { type: 'metrics'; requests: number; inFlight: number; queued: number }
  | { type: 'drained' }
  /** The host itself can't go on: wrong spec, port taken. It exits with code 1 after this. */
  | { type: 'fatal'; code: string; message: string; hint?: string };

/** First frame on the link and on every processor connection, as JSON. */
export interface Hello {
  /** `gateway` on the link; `processor` for one thread of user code. */
  role: 'gateway' | 'processor';
  /** Text the host gave to the peer, so that no other process can take its place. */
  secret: string;
  /**
   * Processor only: how many requests it takes at once on this connection: 1 for a plain thread, 0 for a
   * connection that only reports. A later hello on the same connection changes it.
   */
  window?: number;
  pid?: number;
  /** Processor only: requests it takes at once when all its connections are up; ready is reached then. */
  threads?: number;
  /** Processor only: properties set by user code, such as `rpc.keepalive`. */
  properties?: Record<string, string>;
  /** Processor only: answers HTTP on this loopback port instead of frames (the official allspark). */
  httpPort?: number;
  /** Processor only: this connection answers a path of the instance's own port instead of `process`. */
  inject?: { path: string; token?: string };
}
