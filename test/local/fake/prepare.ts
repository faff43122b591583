import { existsSync, mkdirSync } from 'node:fs';
import type { PrepareEvent, PrepareSpec } from '../../../src/core/worker/prepare.ts';

/**
 * A preparation that takes files as they are. A processor path with `hang` in its name takes ten minutes, one with `broken` fails.
 */
export async function runFakePrepare(): Promise<number> {
  const say = (event: PrepareEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);
  for await (const line of console) {
    const spec = JSON.parse(line) as PrepareSpec;
    const name = spec.processor?.name ?? '';
    say({ type: 'progress', message: `Downloading http file: ${spec.processor?.shown}` });
    if (name.includes('hang')) await new Promise((resolve) => setTimeout(resolve, 600_000));
    if (name.includes('broken') || existsSync(spec.workspace)) {
      say({ type: 'error', code: 'PackageBroken', message: `${spec.processor?.shown} is no archive` });
      return 1;
    }
    mkdirSync(spec.workspace);
    say({ type: 'progress', message: 'Successfully downloaded all artifacts' });
    say({ type: 'done', modelBytes: 1, processorBytes: 1 });
    return 0;
  }
  return 1;
}
