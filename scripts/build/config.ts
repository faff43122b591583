import { join, resolve } from 'node:path';
import config from '../../pkg.config.json' with { type: 'json' };

/** One platform of pkg.config.json. */
export interface Target {
  /** e.g. `linux-arm64`: Node's platform and architecture. */
  name: string;
  /** Bun's name of it. */
  bun: string;
  /** Registry package that holds Bun for it. */
  package: string;
  /** File in the output folder. */
  output: string;
}

export const root = resolve(import.meta.dir, '../..');
export const outputFolder = join(root, config.outputFolder);
export const targets: Target[] = config.targets;
export { config };

/** File that `npm run build` makes for this machine. */
export const ownBinary = join(
  outputFolder,
  process.platform === 'win32' ? `${config.name}.exe` : config.name,
);

/** The target's output, in the output folder. */
export function outputOf(target: Target): string {
  return join(outputFolder, target.output);
}
