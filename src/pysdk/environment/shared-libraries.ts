import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runTool } from '../tools/run.ts';
import type { Tooling } from './maker.ts';

/** Belong to the C library or to compilers: every machine has its own, and a copy would quarrel with it. */
const OF_THE_SYSTEM =
  /^(linux-vdso|ld-linux|ld-musl|lib(c|m|dl|pthread|rt|util|resolv|anl|mvec|thread_db|gcc_s|stdc\+\+|nss_\w+|c\.musl[\w-]*))[.-]|^libnsl\.so\.1$/;

/** Shared libraries that the files need and a copy must bring (Linux): soname and the file found for it. */
export async function neededLibraries(files: string[], tooling: Tooling): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const quiet = { ...tooling, onLine: undefined };
  for (const file of files) {
    const out = await runTool(['ldd', file], { ...quiet, step: 'Reading shared libraries', hint: '' }).catch(
      () => '',
    );
    tooling.signal.throwIfAborted();
    for (const [, name = '', path = ''] of out.matchAll(/^\s*(\S+) => (\/\S+)/gm))
      if (!OF_THE_SYSTEM.test(basename(name))) found.set(name, path);
  }
  return found;
}

/** Extension modules of a standard library. */
export function extensionModules(library: string): string[] {
  const folder = join(library, 'lib-dynload');
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.so'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The first library that binds a macOS executable to its place; undefined when it can be moved. */
export async function macBinding(executable: string, tooling: Tooling): Promise<string | undefined> {
  const out = await runTool(['otool', '-L', executable], {
    ...tooling,
    onLine: undefined,
    step: 'Reading shared libraries',
    hint: 'install the command line tools: xcode-select --install',
  });
  const names = [...out.matchAll(/^\s+(\S+) \(/gm)].map(([, name = '']) => name);
  return names.find((name) => name.startsWith('/') && !/^\/(usr\/lib|System)\//.test(name));
}
