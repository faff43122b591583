import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { usageError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';

/** An address of this machine, as the daemon can listen on. */
export function bindAddress(text: string | undefined): string | undefined {
  if (text === undefined || text === 'localhost' || isIP(text)) return text;
  throw usageError(
    'InvalidAddress',
    `--bind ${JSON.stringify(text)} is no address`,
    'give an IP address of this machine, e.g. 127.0.0.1, or 0.0.0.0 for all',
  );
}

/** Checked now: otherwise each service would fail by itself later. */
export function interpreter(host: Host, given: string | undefined, from: string): string | undefined {
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
