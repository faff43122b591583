import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';
import { startLocal } from '../../local/launch.ts';
import type { View } from '../../ui/view.ts';
import { localStatusLines } from '../../ui/views/local.ts';
import { bindAddress, interpreter } from './checks.ts';
import { localDataDir } from './directory.ts';

/** `--runtime docker` needs an engine now: a service that can't start would tell it much later. */
async function runtimeOf({ host }: Context, args: Arguments) {
  const runtime = args.text('runtime') ?? 'process';
  const image = args.text('image');
  if (runtime === 'docker') {
    const { connectEngine } = await import('../../docker/engine/engine.ts');
    await connectEngine(host);
    return { runtime: 'docker', image } as const;
  }
  if (runtime !== 'process')
    throw usageError(
      'UnknownValue',
      `--runtime ${JSON.stringify(runtime)} is unknown`,
      'use docker or process',
    );
  if (image) throw usageError('WrongUsage', '--image is for --runtime docker', 'add --runtime docker');
  return { runtime: 'process' } as const;
}

const MAX_PORT = 65_535;

export async function run(context: Context, args: Arguments): Promise<View> {
  const settings = await context.clients.settings();
  const { alreadyRunning, ...info } = await startLocal({
    host: context.host,
    dataDir: await localDataDir(context, args),
    port: args.wholeNumber('port', 0, MAX_PORT),
    objectPort: args.wholeNumber('objectPort', 0, MAX_PORT),
    bind: bindAddress(args.text('bind')),
    python:
      interpreter(context.host, args.text('python'), '--python') ??
      interpreter(context.host, settings.python, 'EAS_PYTHON'),
    ...(await runtimeOf(context, args)),
  });
  const headline = alreadyRunning ? '[OK] Local EAS is already running' : '[OK] Local EAS is running';
  return {
    text: () => [headline, ...localStatusLines(info), 'Use it with: eascmd -e local <command>'],
    json: () => ({ ...info, alreadyRunning }),
  };
}
