import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = 'v1.7.19';

/**
 * Path of an ossutil: the one on PATH, else one built with Go from the module proxy into `dir` (a minute the
 * first time, seconds with Go's build cache). A string that begins with `skipped:` says why there is none.
 */
export async function findOssutil(dir: string): Promise<string> {
  const installed = Bun.which('ossutil') ?? Bun.which('ossutil64');
  if (installed) return installed;
  const go = Bun.which('go');
  if (!go) return 'skipped: neither ossutil nor go on PATH';
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    join(dir, 'go.mod'),
    `module ossutilbuild\n\ngo 1.20\n\nrequire github.com/aliyun/ossutil ${VERSION}\n`,
  );
  const build = Bun.spawn([go, 'build', '-mod=mod', '-o', 'ossutil', 'github.com/aliyun/ossutil'], {
    cwd: dir,
    stdout: 'ignore',
    stderr: 'pipe',
    timeout: 240_000,
  });
  const complaint = await new Response(build.stderr).text();
  if ((await build.exited) === 0) return join(dir, 'ossutil');
  return `skipped: ossutil ${VERSION} does not build here: ${complaint.trim().split('\n').at(-1) ?? ''}`;
}
