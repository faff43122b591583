import { CFunction, FFIType, type Pointer, ptr, read } from 'bun:ffi';
import { EasError } from '../../core/errors.ts';
import { openLoader } from './libc.ts';

const RTLD_NOW = 2;
const IOLBF = 1;

export interface Library {
  initialize: Pointer;
  process: Pointer;
}

type Loader = ReturnType<typeof openLoader>;

/** NUL-terminated bytes, for C. */
export function cText(text: string): Uint8Array {
  return Buffer.from(`${text}\0`);
}

/**
 * Loads a processor library and finds its two functions (serving.md d.3). Throws EasError with the dynamic linker's
 * own reason: no such file, wrong architecture, a library it depends on that isn't there, or a missing function.
 */
export function loadLibrary(path: string, platform: NodeJS.Platform): Library {
  const loader = openLoader(platform);
  bufferByLine(loader, platform);
  const handle = loader.dlopen(ptr(cText(path)), RTLD_NOW);
  if (!handle) {
    throw new EasError({
      code: 'ProcessorNotLoadable',
      message: `the processor library can't be loaded: ${loader.dlerror()}`,
      hint: 'put libraries it needs beside it in the package, built for this machine',
    });
  }
  const find = (name: string) => loader.dlsym(handle, ptr(cText(name))) as Pointer | null;
  const initialize = find('initialize');
  const process = find('process');
  const missing = [...(initialize ? [] : ['initialize']), ...(process ? [] : ['process'])];
  if (!initialize || !process) {
    throw new EasError({
      code: 'ProcessorSymbolMissing',
      message: `${path} does not export ${missing.join(' and ')}`,
      hint: 'export initialize and process with extern "C"',
    });
  }
  return { initialize, process };
}

/** Calls `initialize` once; throws EasError when it sets another state than 0. Returns the model, which may be null. */
export function initializeModel(library: Library, modelEntry: string, modelConfig: string): Pointer | null {
  const initialize = CFunction({
    ptr: library.initialize,
    args: [FFIType.ptr, FFIType.ptr, FFIType.ptr],
    returns: FFIType.ptr,
  });
  const state = new Int32Array(16);
  const model = initialize(ptr(cText(modelEntry)), ptr(cText(modelConfig)), ptr(state)) as Pointer | null;
  if (state[0] !== 0) {
    throw new EasError({
      code: 'ProcessorInitializeFailed',
      message: `initialize() of the processor set state ${state[0]}, which means failure`,
    });
  }
  return model;
}

/** What user code prints with stdio would wait in a buffer of 4 KiB, since stdout is no terminal here. */
function bufferByLine(loader: Loader, platform: NodeJS.Platform): void {
  const address = loader.dlsym(null, ptr(cText(platform === 'darwin' ? '__stdoutp' : 'stdout')));
  if (address) loader.setvbuf(read.ptr(address, 0) as Pointer, null, IOLBF, 0);
}
