import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run.ts';
import { type FakeIoOptions, fakeIo } from './fake-io.ts';
import { hostOf } from './scripted-eas.ts';
import { temporaryFolder } from './temporary.ts';

/** Neither tools that this machine happens to have, nor a wheel that the network happens to bring. */
const ALONE = { CONDA_EXE: undefined, MAMBA_EXE: undefined, EAS_ALLSPARK: 'compatible' };

/** A home folder in which `pysdk` commands run; removed when disposed of. */
export class PysdkPlace implements Disposable {
  private readonly home = temporaryFolder();

  get path(): string {
    return this.home.path;
  }

  at(...names: string[]): string {
    return join(this.home.path, ...names);
  }

  async run(argv: string[], options: FakeIoOptions & { env?: Record<string, string | undefined> } = {}) {
    const io = fakeIo({ stdin: '', isRealTime: true, ...options });
    const env = { PATH: process.env.PATH, HOME: this.path, ...ALONE, ...options.env };
    const code = await runCli(hostOf(argv, { homeDir: this.path, cwd: this.path, env }), io);
    return { code, out: io.out(), err: io.err() };
  }

  /** A project with an ENV that holds a shell instead of Python, for tests that run none of it. */
  sham(name: string): string {
    mkdirSync(this.at(name, 'ENV/bin'), { recursive: true });
    writeFileSync(this.at(name, 'ENV/bin/python'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(this.at(name, 'app.py'), 'print(1)\n');
    return this.at(name);
  }

  [Symbol.dispose](): void {
    this.home[Symbol.dispose]();
  }
}
