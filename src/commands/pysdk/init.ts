import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Arguments } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { readVariable } from '../../config/environment.ts';
import { usageError } from '../../core/errors.ts';
import { COMPATIBLE } from '../../pysdk/allspark.ts';
import { findMakers } from '../../pysdk/environment/choose.ts';
import { initProject } from '../../pysdk/init.ts';
import { startSpinner } from '../../ui/spinner.ts';
import type { View } from '../../ui/view.ts';
import { unreadable } from '../description.ts';
import { askVersion, isVersionText } from './version.ts';

/** eascmd.md 2.15. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const { host, io, signal } = context;
  if (host.platform === 'win32')
    throw usageError(
      'WindowsEnvironment',
      'Services run on Linux, and an environment made on Windows would not run there',
      'run this in WSL (wsl --install), or on a Linux machine',
    );
  const requirements = existing(host.cwd, args.text('requirements'));
  const allspark = args.text('allspark') ?? readVariable(host.env, 'allspark')?.value;
  const demanded = checkedVersion(args.text('python'));
  const makers = findMakers(host.env, args.text('using'));
  const spinner = await startSpinner(io, context.isLively, 'Starting');
  const say = (line: string) => {
    spinner.pause();
    context.say(line);
  };
  try {
    const result = await initProject({
      folder: resolve(host.cwd, args.required(0)),
      version: async () => {
        if (demanded !== undefined) return demanded;
        spinner.pause();
        return askVersion(context, makers[0]!.name === 'copy');
      },
      demanded,
      requirements,
      allspark: wheelOf(host.cwd, allspark),
      makers,
      tooling: {
        cwd: host.cwd,
        env: host.env,
        signal,
        onLine: (line) => spinner.update(line.trim().slice(0, 70)),
      },
      homeDir: host.homeDir,
      platform: host.platform,
      say,
    });
    return { text: () => [], json: () => result };
  } finally {
    spinner.stop();
  }
}

/** What was asked for, files by their absolute path; undefined when the choice is ours. */
function wheelOf(cwd: string, asked: string | undefined): string | undefined {
  const isName = asked === COMPATIBLE || /^https?:\/\//.test(asked ?? '');
  return isName ? asked : existing(cwd, asked);
}

function existing(cwd: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const path = resolve(cwd, file);
  if (!existsSync(path)) throw unreadable(file, { code: 'ENOENT' });
  return path;
}

function checkedVersion(text: string | undefined): string | undefined {
  if (text === undefined || isVersionText(text)) return text;
  throw usageError(
    'WrongVersion',
    `--python ${JSON.stringify(text)} is no version of Python`,
    'e.g. --python 3.12',
  );
}
