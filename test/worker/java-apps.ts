import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, writeFiles } from './packages.ts';

/** Processors of one package; the body of App says what it does. */
const SOURCES = {
  'demo/App.java': `
package demo;

public class App {
  private final String entry;
  private final String config;
  private boolean loaded;
  private int arrived;

  public App(String entry, String config) {
    this.entry = entry;
    this.config = config;
  }

  public void Load() {
    System.out.println("loading \\u6a21 " + entry);
    loaded = true;
  }

  public String Process(String body) throws Exception {
    String[] parts = body.split(":", 2);
    switch (parts[0]) {
      case "entry": return entry;
      case "config": return config;
      case "loaded": return String.valueOf(loaded);
      case "env": return System.getenv(parts[1]);
      case "property": return System.getProperty(parts[1]);
      case "heap": return String.valueOf(Runtime.getRuntime().maxMemory() >> 20);
      case "cwd": return new java.io.File(".").getCanonicalPath();
      case "java": return System.getProperty("java.specification.version");
      case "null": return null;
      case "raise": throw new IllegalStateException(parts[1]);
      case "silent": throw new IllegalStateException();
      case "deep": return deep(0) + "";
      case "together": return together();
      case "interrupt": Thread.currentThread().interrupt(); return "interrupted";
      case "later": interruptSoon(Thread.currentThread()); return "soon";
      case "exit": System.exit(Integer.parseInt(parts[1]));
      case "halt": Runtime.getRuntime().halt(Integer.parseInt(parts[1]));
      case "loop": while (true) { if (arrived < 0) return "never"; }
      case "memory": return new byte[512 << 20].length + "";
      case "sleep": Thread.sleep(Long.parseLong(parts[1])); return "slept";
      case "hook": hook(); return "hooked";
      case "pid": return new java.io.File("/proc/self").getCanonicalFile().getName();
      case "part": return demo.extra.Part.name();
      case "stdin": return String.valueOf(System.in.read());
      default: return body;
    }
  }

  private static int deep(int level) { return deep(level + 1) + 1; }

  private synchronized void arrive() { arrived++; notifyAll(); }

  private synchronized String together() throws Exception {
    arrive();
    while (arrived < 5) wait();
    return "together";
  }

  private static void hook() {
    Runtime.getRuntime().addShutdownHook(new Thread() {
      @Override public void run() { System.out.println("saved everything"); }
    });
  }

  private static void interruptSoon(final Thread thread) {
    new Thread() {
      @Override public void run() {
        try { Thread.sleep(200); } catch (InterruptedException e) { }
        thread.interrupt();
      }
    }.start();
  }
}
`,
  'demo/extra/Part.java':
    'package demo.extra; public class Part { public static String name() { return "part"; } }',
  'demo/Bytes.java': `
package demo;
class Bytes extends Base {
  Bytes(String entry, String config) {}
  byte[] Process(byte[] body) { return body; }
}
class Base {
  void Load() {}
}
`,
  'demo/Broken.java': `
package demo;
public class Broken {
  public static class LoadThrows { public LoadThrows(String a, String b) {} public void Load() { throw new IllegalStateException("no model here"); } public String Process(String b) { return b; } }
  public static class ConstructorThrows { public ConstructorThrows(String a, String b) throws Exception { throw new java.io.IOException("disk gone"); } public void Load() {} public String Process(String b) { return b; } }
  public static class StaticThrows { static { if (true) throw new IllegalStateException("static trouble"); } public StaticThrows(String a, String b) {} public void Load() {} public String Process(String b) { return b; } }
  public static class NoConstructor { public void Load() {} public String Process(String b) { return b; } }
  public static class NoLoad { public NoLoad(String a, String b) {} public void load() {} public String Process(String b) { return b; } }
  public static class NoProcess { public NoProcess(String a, String b) {} public void Load() {} public String process(String b) { return b; } }
  public static class WrongResult { public WrongResult(String a, String b) {} public void Load() {} public int Process(String b) { return 1; } }
  public static class NeedsPart { public NeedsPart(String a, String b) {} public void Load() { demo.extra.Part.name(); } public String Process(String b) { return b; } }
  public static class ExitsInLoad { public ExitsInLoad(String a, String b) {} public void Load() { System.exit(7); } public String Process(String b) { return b; } }
  public static class Hangs { public Hangs(String a, String b) {} public void Load() throws Exception { Thread.sleep(600000); } public String Process(String b) { return b; } }
}
`,
};

let compiled: string | undefined;

/** Folder with the classes of SOURCES, compiled once for Java 8. */
export function javaClasses(): string {
  if (compiled) return compiled;
  const folder = writeFiles(temporaryFolder(), SOURCES);
  const classes = join(folder, 'classes');
  javac(['-encoding', 'UTF-8', '-d', classes, ...Object.keys(SOURCES).map((name) => join(folder, name))]);
  compiled = classes;
  return classes;
}

/** Compiles for Java 8, or for the release that `args` name. */
export function javac(args: string[], release = '8'): void {
  execFileSync('javac', ['-Xlint:-options', '--release', release, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export function jar(file: string, folder: string, ...inside: string[]): string {
  execFileSync('jar', ['cf', file, ...inside.flatMap((path) => ['-C', folder, path])]);
  return file;
}

/** Homes of the JVMs that are installed here, each once; EASCMD_TEST_JAVA_HOMES names more, parted by colons. */
export function javaHomes(): string[] {
  const folder = '/usr/lib/jvm';
  const installed = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const named = (process.env.EASCMD_TEST_JAVA_HOMES ?? '').split(':').filter((path) => path !== '');
  const onPath = Bun.which('java');
  const javas = [...installed, ...named].map((home) => join(home, 'bin/java')).filter(existsSync);
  return [
    ...new Set([...(onPath ? [onPath] : []), ...javas].map((java) => join(realpathSync(java), '../..'))),
  ];
}
