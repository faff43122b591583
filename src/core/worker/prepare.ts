/**
 * `eascmd __prepare`: lays out a workspace in a process of its own. The spec is JSON on stdin; events are JSON
 * lines on stdout. Exit 0 after `done`, 1 after `error`. The workspace appears whole or not at all.
 */

export interface PackageSource {
  /** An http(s) URL, or the path of a file or folder on this machine. oss:// is resolved by the caller. */
  location: string;
  /** Name the package had for the user (decides archive or bare file, and the default model_entry). */
  name: string;
  /** Address shown to people. */
  shown: string;
}

export interface PrepareSpec {
  /** Must not exist; its parent must. */
  workspace: string;
  model?: PackageSource;
  processor?: PackageSource;
  /** One file, laid where core/worker/warm-up.ts says. */
  warmUp?: PackageSource;
  /** Checked after unpacking: file inside the processor package. */
  processorEntry?: string;
  processorType?: 'cpp' | 'java' | 'python';
  /** Checked after unpacking: file inside the model, when given. */
  modelEntry?: string;
  /** Refuse packages that unpack to more than this. */
  maxUnpackedBytes: number;
}

/** How often `__prepare` says that bytes still move. */
export const PULSE_MS = 10_000;

export type PrepareEvent =
  /** The spec was read, or bytes have moved since the last event; silence means it is stuck. */
  | { type: 'alive' }
  | { type: 'progress'; message: string }
  | { type: 'done'; modelBytes: number; processorBytes: number }
  | { type: 'error'; code: string; message: string; hint?: string };
