import { chmodSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { refuseCollisions } from './collisions.ts';
import { config, outputFolder, root } from './config.ts';
import { slim, stableUndici } from './slim.ts';

export interface Compilation {
  /** Bun's name of the platform; the one that runs this script when absent. */
  target?: Bun.Build.CompileTarget;
  /** Bun's binary for that platform, which becomes the body of the program. */
  bun: string;
  output: string;
}

/**
 * Compiles the program into one file and returns its size in bytes. The file appears whole or not at all: it is
 * written under a temporary name and renamed. Throws when the bundler reports an error.
 */
export async function compile({ target, bun, output }: Compilation): Promise<number> {
  mkdirSync(outputFolder, { recursive: true });
  const extension = output.endsWith('.exe') ? '.exe' : '';
  const unfinished = join(outputFolder, `.unfinished-${process.pid}${extension}`);
  try {
    const result = await Bun.build({
      entrypoints: [config.entry, ...config.workers].map((path) => join(root, path)),
      target: 'bun',
      format: 'esm',
      splitting: true,
      minify: true,
      bytecode: true,
      bytecodeDepth: config.bytecodeDepth,
      external: config.external,
      define: stableUndici,
      plugins: [slim],
      compile: {
        ...(target && { target }),
        executablePath: bun,
        outfile: unfinished,
        // What lies in the folder that a user happens to be in must not change what the program does.
        autoloadDotenv: false,
        autoloadBunfig: false,
      },
    });
    if (!result.success) throw new AggregateError(result.logs, 'the bundler failed');
    refuseCollisions(unfinished);
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, output);
    return statSync(output).size;
  } finally {
    rmSync(unfinished, { force: true });
  }
}
