import { access, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EasError } from '../../core/errors.ts';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import type { Launcher } from '../launchers.ts';
import { libraryFolders } from '../libraries.ts';
import type { Launch } from '../supervisor/process.ts';
import { MODEL_FOLDER, packageRoot } from '../workspace.ts';
import { writePythonSources } from './sources.ts';

/** An `allspark` of ours, which `pysdk init` puts into an ENV, is not the official one. */
const PROBE = `import os, sys
sys.path.insert(0, '')
try:
    from importlib.util import find_spec
except ImportError:
    from pkgutil import find_loader
    found = find_loader('allspark')
    origin = found and found.get_filename()
else:
    found = find_spec('allspark')
    origin = found and found.origin
ours = origin and os.path.exists(os.path.join(os.path.dirname(origin), '_link.py'))
sys.exit(0 if origin and not ours else 3)`;

/** `ENV/bin/python` of the package, else the configured interpreter, running the app with an `allspark` to import. */
export function pythonLauncher(spec: WorkerSpec): Launcher {
  // Asked once: it costs a start of the interpreter, and the package stays while the instance lives.
  let isOfficial: boolean | undefined;
  return (env) =>
    launch(spec, env, async (...probe) => {
      isOfficial ??= await hasOfficialAllspark(...probe);
      return isOfficial;
    });
}

async function launch(
  spec: WorkerSpec,
  env: Record<string, string | undefined>,
  isOfficialThere: typeof hasOfficialAllspark,
): Promise<Launch> {
  const { entry } = spec.processor;
  const root = spec.processor.root ?? (await packageRoot(spec.workspace, entry));
  if (!root) {
    throw new EasError({
      code: 'ProcessorEntryNotFound',
      message: `the processor package has no ${entry}`,
      hint: 'processor_entry names a file in the package, e.g. ./app.py',
    });
  }
  const python = await interpreter(spec, root);
  const sources = await writePythonSources(spec.runDir);
  const propertiesFile = join(spec.runDir, 'properties.json');
  await writeFile(propertiesFile, JSON.stringify(spec.properties), { mode: 0o600 });
  const base = {
    ...env,
    PYTHONUNBUFFERED: '1',
    EASCMD_PROPERTIES_FILE: propertiesFile,
    EASCMD_MODEL_DIR: join(spec.workspace, MODEL_FOLDER),
    LD_LIBRARY_PATH: joinPaths(await libraryFolders(root), env.LD_LIBRARY_PATH),
  };
  if (await isOfficialThere(python, root, base)) {
    const port = String(await freePort());
    return {
      command: [python, sources.proxyScript, entry],
      cwd: root,
      env: { ...base, EASCMD_PROCESSOR_PORT: port },
    };
  }
  return {
    command: [python, entry],
    cwd: root,
    env: { ...base, PYTHONPATH: joinPaths([env.PYTHONPATH ?? ''], sources.pythonPath) },
  };
}

async function interpreter(spec: WorkerSpec, root: string): Promise<string> {
  const own = join(root, 'ENV', 'bin', 'python');
  if (await exists(own)) return own;
  const python = spec.processor.python ?? 'python3';
  const found = python.includes('/') ? python : Bun.which(python);
  if (found && (await exists(found))) return found;
  throw new EasError({
    code: 'PythonNotFound',
    message: `the package brings no ENV/bin/python, and ${python} is not there to run it`,
    hint: 'install Python 3, or pack an ENV with `eascmd pysdk pack`',
  });
}

async function hasOfficialAllspark(
  python: string,
  cwd: string,
  env: Record<string, string | undefined>,
): Promise<boolean> {
  const probe = Bun.spawn([python, '-c', PROBE], {
    cwd,
    env,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  return (await probe.exited) === 0;
}

function joinPaths(first: string[], last: string | undefined): string {
  return [...first, last ?? ''].filter((path) => path !== '').join(':');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A port of the loopback interface that nobody uses now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
