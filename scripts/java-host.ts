import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Glob } from 'bun';
import { end, say } from './say.ts';

const folder = resolve(import.meta.dir, '../src/worker/java');
const sources = join(folder, 'host');
/** The same sources give the same file, whenever they are compiled. */
const DATE = '2026-01-01T00:00:00Z';

/**
 * `node scripts/run.mjs java-host`: compiles the class that hosts Java processors into src/worker/java/host.jar, which
 * is committed, so that neither a build nor a user needs javac (docs/processors-java.md). Needs a JDK, 17 or newer.
 */
await end(async () => {
  const classes = mkdtempSync(join(tmpdir(), 'eascmd-java-'));
  try {
    const files = [...new Glob('**/*.java').scanSync(sources)].sort().map((file) => join(sources, file));
    run('javac', '--release', '8', '-Xlint:all,-options,-serial', '-Werror', '-d', classes, ...files);
    const jar = join(folder, 'host.jar');
    run('jar', '--create', '--no-manifest', `--date=${DATE}`, '--file', jar, '-C', classes, 'eascmd');
    say(`${jar}, ${Bun.file(jar).size} bytes`);
    return 0;
  } finally {
    rmSync(classes, { recursive: true, force: true });
  }
});

function run(...command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.slice(0, 3).join(' ')} failed:\n${stderr.toString()}`);
}
