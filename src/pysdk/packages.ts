import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EasError } from '../core/errors.ts';
import { ALLSPARK_FILES, ALLSPARK_VERSION } from '../python/allspark.ts';
import type { Tooling } from './environment/maker.ts';
import { runTool } from './tools/run.ts';

/** Packages of one environment, by its own interpreter. */
export class Packages {
  private readonly python: string;

  constructor(
    private readonly env: string,
    private readonly tooling: Tooling,
  ) {
    this.python = join(env, 'bin', 'python');
  }

  /** e.g. `3.12.4`; throws when the interpreter doesn't run. */
  async version(): Promise<string> {
    const script = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
    return (await this.run(['-c', script], 'Starting ENV/bin/python', this.startHint())).trim();
  }

  /** Version of the allspark in ENV, the empty text when it doesn't tell, undefined without one that works. */
  async allspark(): Promise<string | undefined> {
    const script =
      'import sys\ntry:\n    import allspark\nexcept Exception:\n    sys.exit(0)\nprint("found " + str(getattr(allspark, "__version__", "")))';
    const out = await this.run(['-c', script], 'Importing allspark', this.startHint());
    return /^found (.*)$/m.exec(out)?.[1]?.trim();
  }

  /** Its version as pip knows it, else `official`; throws with Python's words when it can't be imported. */
  async importAllspark(hint: string): Promise<string> {
    await this.run(['-c', 'import allspark'], 'Importing allspark', hint);
    const shown = await this.run(['-m', 'pip', 'show', 'allspark'], 'Asking pip', hint).catch(() => '');
    return /^Version: (\S+)/m.exec(shown)?.[1] ?? 'official';
  }

  async uninstall(name: string): Promise<void> {
    await this.run(['-m', 'pip', 'uninstall', '-y', name], `Removing ${name}`, '');
  }

  /** pip's arguments after `install`, e.g. `-r requirements.txt`. */
  async install(words: string[], step: string, hint: string): Promise<void> {
    const flags = ['--no-input', '--disable-pip-version-check', '--no-warn-script-location'];
    await this.run(['-m', 'pip', 'install', ...flags, ...words], step, hint);
  }

  /** Puts our allspark among the site packages as pip would have. */
  async installCompatible(): Promise<void> {
    const script = 'import sysconfig; print(sysconfig.get_path("purelib"))';
    const site = (await this.run(['-c', script], 'Asking for site-packages', this.startHint())).trim();
    const info = `allspark-${ALLSPARK_VERSION}.dist-info`;
    const files: Record<string, string> = {
      ...Object.fromEntries(Object.entries(ALLSPARK_FILES).map(([name, text]) => [`allspark/${name}`, text])),
      [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: allspark\nVersion: ${ALLSPARK_VERSION}\nSummary: Local stand-in of eascmd for the official allspark\nLicense: Apache-2.0\n`,
      [`${info}/INSTALLER`]: 'eascmd\n',
    };
    const record = [...Object.keys(files), `${info}/RECORD`].map((name) => `${name},,\n`).join('');
    await mkdir(join(site, 'allspark'), { recursive: true });
    await mkdir(join(site, info), { recursive: true });
    for (const [name, text] of Object.entries({ ...files, [`${info}/RECORD`]: record }))
      await writeFile(join(site, name), text);
  }

  /** Compiles what isn't yet, so that starting the service writes nothing and costs nothing. */
  async compile(): Promise<void> {
    // Some packages hold templates that are no Python: compileall then fails for those alone.
    await this.run(['-m', 'compileall', '-q', join(this.env, 'lib')], 'Compiling', '').catch((error) => {
      if (!(error instanceof EasError)) throw error;
    });
  }

  /** Throws when there is no pip and this Python brings none. */
  async ensurePip(): Promise<void> {
    const has = await this.run(['-m', 'pip', '--version'], 'Looking for pip', '').catch(() => undefined);
    this.tooling.signal.throwIfAborted();
    if (has !== undefined) return;
    await this.run(
      ['-m', 'ensurepip', '--default-pip'],
      'Installing pip into ENV',
      'this Python brings no pip (Debian: apt-get install python3-venv); or use uv, micromamba or conda',
    );
  }

  private run(words: string[], step: string, hint: string): Promise<string> {
    return runTool([this.python, ...words], { ...this.tooling, step, hint });
  }

  private startHint(): string {
    return existsSync(this.python) ? 'remove ENV, then run the same command again' : 'ENV has no bin/python';
  }
}
