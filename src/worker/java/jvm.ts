import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EasError } from '../../core/errors.ts';

/** Unix-domain sockets came to Java with release 16. */
const FIRST_WITH_UNIX_SOCKETS = 16;
const HEAP_SHARE = 0.75;
const LEAST_HEAP_MB = 16;
const SIZED_BY_USER = /-Xmx|MaxHeapSize|MaxRAM/;

type Env = Record<string, string | undefined>;

export interface Jvm {
  java: string;
  /** Whether it can reach the front by a Unix-domain socket. */
  hasUnixSockets: boolean;
}

/** `java` of JAVA_HOME, else of PATH. Throws EasError that names both when neither has one. */
export async function findJvm(env: Env): Promise<Jvm> {
  const { JAVA_HOME: home, PATH } = env;
  const java = home ? join(home, 'bin', 'java') : Bun.which('java', { PATH: PATH ?? '' });
  const real = java && (await realpath(java).catch(() => undefined));
  if (!java || !real) {
    throw new EasError({
      code: 'JavaNotFound',
      message: home
        ? `JAVA_HOME is ${home}, which has no bin/java, and a Java processor needs one`
        : 'a Java processor needs a Java runtime: JAVA_HOME is not set, and PATH has no java',
      hint: 'install a JRE or JDK, 8 or newer, and let JAVA_HOME name its folder',
    });
  }
  const release = await releaseOf(dirname(dirname(real)));
  return { java, hasUnixSockets: release !== undefined && release >= FIRST_WITH_UNIX_SOCKETS };
}

/** Flags of the JVM; what JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS or _JAVA_OPTIONS say about the heap is left in force. */
export function jvmFlags(memoryMb: number | undefined, env: Env): string[] {
  const flags = [
    // Older releases don't know all of these.
    '-XX:+IgnoreUnrecognizedVMOptions',
    '-XX:+ExitOnOutOfMemoryError',
    // Else every JVM that is killed leaves a file in the temporary folder.
    '-XX:-UsePerfData',
    '-Djava.awt.headless=true',
    '-Dfile.encoding=UTF-8',
    ...['sun.stdout', 'sun.stderr', 'stdout', 'stderr'].map((name) => `-D${name}.encoding=UTF-8`),
  ];
  const given = [env.JAVA_TOOL_OPTIONS, env.JDK_JAVA_OPTIONS, env._JAVA_OPTIONS].join(' ');
  if (memoryMb !== undefined && !SIZED_BY_USER.test(given))
    flags.push(`-Xmx${Math.max(Math.floor(memoryMb * HEAP_SHARE), LEAST_HEAP_MB)}m`);
  return flags;
}

/** A JVM takes names of files from the locale; without one, any name beyond ASCII is out of its reach. */
export function jvmLocale(env: Env): Env {
  return env.LC_ALL || env.LC_CTYPE || env.LANG ? {} : { LC_ALL: 'C.UTF-8' };
}

/** The release number in a Java home: `1.8.0_402` is 8, `17.0.15` is 17. Undefined when it is not told there. */
export async function releaseOf(home: string): Promise<number | undefined> {
  // In a JDK 8, bin/java may be that of the JRE inside.
  for (const folder of [home, dirname(home)]) {
    const text = await readFile(join(folder, 'release'), 'utf8').catch(() => '');
    const [, first, second] = /^JAVA_VERSION="?(\d+)(?:\.(\d+))?/m.exec(text) ?? [];
    if (first !== undefined) return Number(first === '1' ? second : first);
  }
  return undefined;
}
