import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EasError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';

/**
 * The file that is mounted into containers: this very binary when it is the engine's kind, under development the
 * built one, else the linux build that lies beside it. EasError that says where one is looked for.
 */
export function linuxProgram(host: Host, arch: string): string {
  const program = host.selfCommand[0] ?? '';
  // Under bun the script comes last, after options of bun's own.
  const script = host.selfCommand.length > 1 ? host.selfCommand.at(-1) : undefined;
  const isOwnKind = host.platform === 'linux' && arch === process.arch;
  const folder = script ? join(dirname(script), '..', 'dist') : dirname(program);
  const foreign = join(folder, `eascmd-linux-${arch}`);
  const own = script ? join(folder, 'eascmd') : program;
  const candidates = isOwnKind ? [own, foreign] : [foreign];
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new EasError({
    code: 'LinuxProgramMissing',
    message: `Containers of this engine need eascmd for linux-${arch}, and there is no ${candidates.join(' or ')}`,
    hint: script
      ? 'Build it with npm run build.'
      : `Put ${basename(foreign)} of the same release beside this program, or use --runtime process.`,
  });
}
