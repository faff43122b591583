import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { usageError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { startLocal } from '../../local/launch.ts';
import type { View } from '../../ui/view.ts';
import { localStatusLines } from '../../ui/views/local.ts';
import { localDataDir } from './directory.ts';

const MAX_PORT = 65_535;

/** An address of this machine, as the daemon can listen on. */
function bindAddress(text: string | undefined): string | undefined {
  if (text === undefined || text === 'localhost' || isIP(text)) return text;
  throw usageError(
    'InvalidAddress',
    `--bind ${JSON.stringify(text)} is no address`,
    'give an IP address of this machine, e.g. 127.0.0.1, or 0.0.0.0 for all',
  );
}

/** Checked now: otherwise each service would fail by itself later. */
function interpreter(host: Host, given: string | undefined, from: string): string | undefined {
  if (given === undefined) return undefined;
  const isPath = /[/\\]/.test(given);
  const path = isPath ? resolve(host.cwd, given) : given;
  if (isPath ? existsSync(path) : Bun.which(given, { PATH: host.env.PATH ?? '' })) return path;
  throw usageError(
    'NoInterpreter',
    `${from} ${JSON.stringify(given)}: there is no such program`,
    'give the file of a Python interpreter, e.g. /usr/bin/python3',
  );
}

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
  });
  const headline = alreadyRunning ? '[OK] Local EAS is already running' : '[OK] Local EAS is running';
  return {
    text: () => [headline, ...localStatusLines(info), 'Use it with: eascmd -e local <command>'],
    json: () => ({ ...info, alreadyRunning }),
  };
}
