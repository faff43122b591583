import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import lock from '../../package-lock.json' with { type: 'json' };
import { root, type Target } from './config.ts';

const cache = join(root, 'node_modules', '.cache', 'eascmd-bun');

/**
 * Path of Bun's binary for another platform: from the cache, else from the registry through `npm pack`. The archive
 * has to have the checksum that package-lock.json recorded. Throws with npm's own words when it can't be had.
 */
export async function foreignBun(target: Target): Promise<string> {
  const { version, integrity } = lockedPackage(target.package);
  const folder = join(cache, `${basename(target.package)}-${version}`);
  const binary = join(folder, target.name.startsWith('windows') ? 'bun.exe' : 'bun');
  if (existsSync(binary)) return binary;

  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    const archive = await download(`${target.package}@${version}`, unfinished);
    const bytes = await Bun.file(archive).bytes();
    const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (found !== integrity)
      throw new Error(
        `${target.package}@${version} has checksum ${found}, package-lock.json has ${integrity}`,
      );
    await new Bun.Archive(bytes).extract(unfinished, { glob: 'package/bin/*' });
    rmSync(archive);
    const unpacked = join(unfinished, 'package', 'bin');
    chmodSync(join(unpacked, basename(binary)), 0o755);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return binary;
}

function lockedPackage(name: string): { version: string; integrity: string } {
  const packages: Record<string, { version?: string; integrity?: string }> = lock.packages;
  const entry = packages[`node_modules/${name}`];
  if (!entry?.version || !entry.integrity) throw new Error(`package-lock.json does not list ${name}`);
  return { version: entry.version, integrity: entry.integrity };
}

/** Runs `npm pack` and returns the path of the archive. */
async function download(spec: string, folder: string): Promise<string> {
  const script = process.env.npm_execpath;
  const npm = script && /npm-cli\.[cm]?js$/.test(script) ? ['node', script] : ['npm'];
  const run = Bun.spawn([...npm, 'pack', spec, '--json', '--pack-destination', folder], {
    cwd: folder,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [output, complaint, code] = await Promise.all([run.stdout.text(), run.stderr.text(), run.exited]);
  if (code !== 0) throw new Error(`npm pack ${spec} ended with code ${code}:\n${complaint.trim()}`);
  const [packed] = JSON.parse(output) as { filename: string }[];
  if (!packed) throw new Error(`npm pack ${spec} wrote nothing`);
  return join(folder, packed.filename.replace('@', '').replaceAll('/', '-'));
}
