import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EasError } from '../../core/errors.ts';
import { isBelow } from '../archive/tree.ts';
import { type ReadAt, runPathOf, runPathPatches } from '../relocate/elf.ts';
import { findInterpreters, type Interpreter } from './interpreters.ts';
import type { MakeRequest, Maker } from './maker.ts';
import { rewriteMovedTexts } from './moved.ts';
import { extensionModules, macBinding, neededLibraries } from './shared-libraries.ts';
import { copyLibrary } from './standard-library.ts';

/**
 * A Python of this machine, copied with its standard library and shared libraries: unlike a venv it needs nothing
 * of the original afterwards.
 */
export const copyMaker: Maker = {
  name: 'copy',
  reason: 'conda, micromamba and uv are not installed',
  async make(request) {
    const interpreters = await findInterpreters(request);
    const refusals: string[] = [];
    for (const interpreter of interpreters) {
      const refusal = await bindingOf(interpreter, request);
      if (!refusal) return copyInterpreter(interpreter, request);
      refusals.push(`${interpreter.executable}: ${refusal}`);
    }
    throw await noInterpreter(request, refusals);
  },
};

/** Why a copy would not work elsewhere, or undefined. */
async function bindingOf(
  { executable, prefix, libraries }: Interpreter,
  { tooling, platform }: MakeRequest,
): Promise<string | undefined> {
  const stray = libraries.find((library) => !isBelow(prefix, library));
  if (stray) return `its standard library lies elsewhere, in ${stray}`;
  if (platform === 'darwin') {
    const library = await macBinding(executable, tooling);
    return library && `it needs ${library} at just this place`;
  }
  const shared = [...(await neededLibraries([executable], tooling)).keys()].find((name) =>
    name.startsWith('libpython'),
  );
  const hasRunPath = withFile(executable, 'r', (handle) => runPathOf(reader(handle)) !== undefined);
  return shared && !hasRunPath ? `it finds ${shared} only where the system keeps it` : undefined;
}

async function copyInterpreter(
  interpreter: Interpreter,
  { env, tooling, platform }: MakeRequest,
): Promise<void> {
  const { executable, prefix, libraries, include, version } = interpreter;
  const short = version.split('.').slice(0, 2).join('.');
  const python = join(env, 'bin', `python${short}`);
  mkdirSync(dirname(python), { recursive: true });
  copyFileSync(executable, python);
  chmodSync(python, 0o755);
  for (const name of ['python', `python${short.split('.')[0]}`])
    symlinkSync(`python${short}`, join(env, 'bin', name));
  const copies = libraries.map((library) => join(env, relative(prefix, library)));
  for (const [index, library] of libraries.entries()) {
    tooling.signal.throwIfAborted();
    copyLibrary(library, copies[index]!, { from: prefix, to: env });
    mkdirSync(join(copies[index]!, 'site-packages'), { recursive: true });
  }
  if (isBelow(prefix, include) && existsSync(include))
    cpSync(include, join(env, relative(prefix, include)), { recursive: true, dereference: true });
  if (platform === 'linux') await bringLibraries(executable, python, copies, interpreter, env, tooling);
  if (!/^\/usr(\/local)?$/.test(prefix)) await rewriteMovedTexts(env, prefix);
}

/** Shared libraries go to ENV/lib, where a run path leads from wherever ENV lies. */
async function bringLibraries(
  original: string,
  python: string,
  copies: string[],
  { libraries }: Interpreter,
  env: string,
  tooling: MakeRequest['tooling'],
): Promise<void> {
  if (!setRunPath(python, env)) return;
  const modules = copies.flatMap(extensionModules);
  const originals = libraries.flatMap(extensionModules).filter((file) => !file.includes('/_tkinter.'));
  for (const [name, file] of await neededLibraries([original, ...originals], tooling)) {
    const copy = join(env, 'lib', name);
    copyFileSync(file, copy);
    chmodSync(copy, 0o755);
    setRunPath(copy, env);
  }
  for (const module of modules) setRunPath(module, env);
}

/** Points an existing run path at ENV/lib; false when there is none to point. */
function setRunPath(file: string, env: string): boolean {
  return withFile(file, 'r+', (handle) => {
    const found = runPathOf(reader(handle));
    const text = `$ORIGIN/${relative(dirname(file), join(env, 'lib'))}`.replace(/\/$/, '');
    const patches = found && runPathPatches(found, text, { inherited: true });
    for (const { offset, bytes } of patches ?? []) writeSync(handle, bytes, 0, bytes.length, offset);
    return patches !== undefined;
  });
}

function withFile<T>(file: string, flags: string, use: (handle: number) => T): T {
  const handle = openSync(file, flags);
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}

function reader(handle: number): ReadAt {
  return (offset, length) => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, offset));
  };
}

async function noInterpreter(request: MakeRequest, refusals: string[]): Promise<EasError> {
  const others = await findInterpreters({ ...request, version: '' });
  const versions = [...new Set(others.map(({ version }) => version.split('.').slice(0, 2).join('.')))];
  const known = versions.length > 0 ? `; this machine has ${versions.join(', ')}` : '';
  return new EasError({
    code: 'PythonNotFound',
    message:
      refusals.length > 0
        ? `No Python ${request.version} of this machine can be moved`
        : `There is no Python ${request.version} to copy${known}`,
    hint: 'install uv, micromamba or conda, or name a version that is there with --python',
    detail: refusals,
  });
}
