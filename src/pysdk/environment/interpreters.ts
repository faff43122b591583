import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../tools/run.ts';
import type { MakeRequest } from './maker.ts';

/** What an interpreter says about itself. All paths have their links resolved. */
export interface Interpreter {
  version: string;
  executable: string;
  /** Folder that its libraries are found from. */
  prefix: string;
  /** Its standard library: one folder, or two where machine code is kept apart. */
  libraries: string[];
  include: string;
}

const PROBE = `import json, os, sys, sysconfig
prefix = getattr(sys, "base_prefix", sys.prefix)
exec_prefix = getattr(sys, "base_exec_prefix", sys.exec_prefix)
places = {"base": prefix, "platbase": exec_prefix, "installed_base": prefix, "installed_platbase": exec_prefix}
paths = [sysconfig.get_path(name, vars=places) for name in ("stdlib", "platstdlib", "include")]
paths = [os.path.realpath(path) for path in paths]
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "executable": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "prefix": os.path.realpath(prefix),
    "libraries": sorted(set(paths[:2])),
    "include": paths[2],
}))`;

/** Interpreters of this machine: on PATH, of pyenv, of uv; the newest patch of a version first. */
export async function findInterpreters(request: Omit<MakeRequest, 'env'>): Promise<Interpreter[]> {
  const found = new Map<string, Interpreter>();
  for (const file of candidates(request)) {
    const interpreter = await probe(file, request);
    if (interpreter) found.set(interpreter.executable, interpreter);
  }
  return [...found.values()]
    .filter(({ version }) => isVersion(version, request.version))
    .sort((a, b) => Bun.semver.order(b.version, a.version));
}

/** Whether `version` is `wanted` or one of its patches; the empty text is any. */
export function isVersion(version: string, wanted: string): boolean {
  return wanted === '' || version === wanted || version.startsWith(`${wanted}.`);
}

function candidates({ version, homeDir, tooling }: Omit<MakeRequest, 'env'>): string[] {
  const { env } = tooling;
  const short = version.split('.').slice(0, 2).join('.');
  const major = version.split('.')[0] ?? '';
  const onPath = [`python${short}`, `python${major || 3}`, 'python3', 'python'].flatMap(
    (name) => Bun.which(name, { PATH: env.PATH }) ?? [],
  );
  const kept = [
    join(env.PYENV_ROOT ?? join(homeDir, '.pyenv'), 'versions'),
    env.UV_PYTHON_INSTALL_DIR ?? join(homeDir, '.local/share/uv/python'),
  ];
  const installed = kept.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => version === '' || new RegExp(`(^|-)${short.replace('.', '\\.')}([.-]|$)`).test(name))
      .map((name) => join(folder, name, 'bin', 'python')),
  );
  return [...new Set([...installed, ...onPath])];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function probe(file: string, { tooling }: Omit<MakeRequest, 'env'>): Promise<Interpreter | undefined> {
  try {
    const { onLine: _, ...quiet } = tooling;
    const out = await runTool([file, '-E', '-s', '-c', PROBE], { ...quiet, step: 'Asking', hint: '' });
    return JSON.parse(out);
  } catch {
    tooling.signal.throwIfAborted();
    return undefined;
  }
}
