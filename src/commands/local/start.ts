import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { startLocal } from '../../local/launch.ts';
import type { View } from '../../ui/view.ts';
import { localStatusLines } from '../../ui/views/local.ts';
import { localDataDir } from './directory.ts';

const MAX_PORT = 65_535;

export async function run(context: Context, args: Arguments): Promise<View> {
  const settings = await context.clients.settings();
  const { alreadyRunning, ...info } = await startLocal({
    host: context.host,
    dataDir: await localDataDir(context, args),
    port: args.wholeNumber('port', 0, MAX_PORT),
    objectPort: args.wholeNumber('objectPort', 0, MAX_PORT),
    bind: args.text('bind'),
    python: args.text('python') ?? settings.python,
  });
  const headline = alreadyRunning ? '[OK] Local EAS is already running' : '[OK] Local EAS is running';
  return {
    text: () => [headline, ...localStatusLines(info), 'Use it with: eascmd -e local <command>'],
    json: () => ({ ...info, alreadyRunning }),
  };
}
