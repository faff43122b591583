import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { eachLine } from '../core/process/lines.ts';
import type { WorkerEvent, WorkerSpec } from '../core/worker/spec.ts';
import { ContainerRun } from './container/run.ts';

/**
 * `eascmd __container`: `__worker` in a container, under the same contract (core/worker/spec.ts). The end of stdin,
 * SIGTERM and SIGINT remove the container. Returns 0 then, 1 after `fatal`.
 */
export async function runContainer(host: Host): Promise<number> {
  let run: ContainerRun | undefined;
  const outcome = Promise.withResolvers<number>();
  const stop = () => {
    if (run) void run.stop();
    else outcome.resolve(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  const begin = (line: string) => {
    run = new ContainerRun(host, JSON.parse(line) as WorkerSpec, emit, (bytes) =>
      process.stderr.write(bytes),
    );
    run.run().then(
      () => outcome.resolve(0),
      (error) => {
        emit({ type: 'fatal', ...described(error) });
        outcome.resolve(1);
      },
    );
  };
  void eachLine(Bun.stdin.stream(), (line) => {
    if (run) run.send(line);
    else begin(line);
  })
    .catch((error) => {
      emit({ type: 'fatal', ...described(error) });
      outcome.resolve(1);
    })
    .then(stop);
  const code = await outcome.promise;
  await flushed();
  return code;
}

function emit(event: WorkerEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function described(error: unknown): { code: string; message: string; hint?: string } {
  if (error instanceof EasError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'ContainerFailed', message: (error as Error).message };
}

/** What was said has left this process, or nobody listens any more. */
function flushed(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 500);
    process.stdout.write('', () => resolve());
  });
}
