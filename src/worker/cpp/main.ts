import { EasError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { openShared } from './connection.ts';
import type { CppTask } from './launch.ts';
import { crashPlainly, dieWithParent, openLibc } from './libc.ts';
import { initializeModel, loadLibrary } from './library.ts';
import type { ThreadTask } from './thread.ts';

/**
 * `eascmd __cpp`: loads a C/C++ processor, calls `initialize` once, and serves with as many threads as the task
 * says, which share one connection to the front. Ends with the process; returns 1 when loading failed.
 */
export async function runCppHost(host: Host): Promise<number> {
  const { platform, env } = host;
  dieWithParent(platform);
  const libc = openLibc(platform);
  crashPlainly(libc, platform);
  const task = JSON.parse(env.EASCMD_CPP_TASK ?? '{}') as CppTask;
  let thread: ThreadTask;
  try {
    const library = loadLibrary(task.library, platform);
    thread = {
      platform,
      model: initializeModel(library, task.modelEntry, task.modelConfig),
      process: library.process,
      shared: openShared(libc, platform, env.EASCMD_PROCESSOR_SOCKET ?? ''),
      secret: env.EASCMD_PROCESSOR_SECRET ?? '',
      threads: task.threads,
      leakOutput: task.leakOutput,
    };
  } catch (error) {
    if (!(error instanceof EasError)) throw error;
    process.stderr.write(`${error.message}\n${error.hint ? `${error.hint}\n` : ''}`);
    return 1;
  }
  for (let number = 0; number < task.threads; number++) startThread(thread, libc._exit);
  return new Promise(() => {});
}

function startThread(task: ThreadTask, exit: (code: number) => void): void {
  const worker = new Worker(threadUrl());
  worker.onerror = (event) => {
    process.stderr.write(`a processor thread ended: ${event.message}\n`);
    exit(70);
  };
  worker.postMessage(task);
}

/** In a compiled binary the thread's entry lies where the build put it, below the common folder of all entries. */
function threadUrl(): string {
  const { url } = import.meta;
  if (url.includes('/$bunfs/')) return new URL('/$bunfs/root/worker/cpp/thread.js', url).href;
  return new URL('./thread.ts', url).href;
}
