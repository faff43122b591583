import { dlopen, FFIType } from 'bun:ffi';

const { i32, ptr, u64, cstring } = FFIType;

/** The C library that this very program already uses: memory that user code allocates is freed with the same one. */
function firstThatLoads<T>(platform: NodeJS.Platform, load: (name: string) => T): T {
  const linux = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];
  let last: unknown;
  for (const name of platform === 'darwin' ? ['libSystem.B.dylib'] : linux) {
    try {
      return load(name);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** What a thread of user code needs. Sizes stay below 2^31, so counts come back as plain numbers. */
export function openLibc(platform: NodeJS.Platform) {
  const errno = platform === 'darwin' ? '__error' : '__errno_location';
  const { symbols } = firstThatLoads(platform, (name) =>
    dlopen(name, {
      socket: { args: [i32, i32, i32], returns: i32 },
      connect: { args: [i32, ptr, i32], returns: i32 },
      read: { args: [i32, ptr, u64], returns: i32 },
      write: { args: [i32, ptr, u64], returns: i32 },
      pthread_mutex_init: { args: [ptr, ptr], returns: i32 },
      pthread_mutex_lock: { args: [ptr], returns: i32 },
      pthread_mutex_unlock: { args: [ptr], returns: i32 },
      memcpy: { args: [ptr, ptr, u64], returns: ptr },
      free: { args: [ptr], returns: FFIType.void },
      signal: { args: [i32, ptr], returns: ptr },
      _exit: { args: [i32], returns: FFIType.void },
      [errno]: { args: [], returns: ptr },
    }),
  );
  return { ...symbols, errnoAddress: symbols[errno] as () => number };
}

/** What the main thread needs to load a library and to say why it can't. */
export function openLoader(platform: NodeJS.Platform) {
  return firstThatLoads(platform, (name) =>
    dlopen(name, {
      dlopen: { args: [ptr, i32], returns: ptr },
      dlsym: { args: [ptr, ptr], returns: ptr },
      dlerror: { args: [], returns: cstring },
      setvbuf: { args: [ptr, ptr, i32, u64], returns: i32 },
      _exit: { args: [i32], returns: FFIType.void },
    }),
  ).symbols;
}

/** Asks Linux to kill this process when its parent dies. */
export function dieWithParent(platform: NodeJS.Platform): void {
  if (platform !== 'linux') return;
  const PR_SET_PDEATHSIG = 1;
  const SIGKILL = 9;
  const { symbols } = firstThatLoads(platform, (name) =>
    dlopen(name, { prctl: { args: [i32, u64, u64, u64, u64], returns: i32 } }),
  );
  symbols.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/**
 * Lets user code that crashes die of its signal: the runtime's own handlers would print a report about itself and
 * hide what happened.
 */
export function crashPlainly(
  libc: { signal: (signal: number, handler: null) => unknown },
  platform: NodeJS.Platform,
): void {
  const [SIGILL, SIGABRT, SIGFPE, SIGSEGV] = [4, 6, 8, 11];
  const SIGBUS = platform === 'darwin' ? 10 : 7;
  for (const signal of [SIGILL, SIGABRT, SIGFPE, SIGSEGV, SIGBUS]) libc.signal(signal, null);
}
