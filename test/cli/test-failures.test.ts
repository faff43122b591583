import { describe, expect, setDefaultTimeout } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { ECHO_CPP, ECHO_PYTHON, TestPlace } from '../support/test-place.ts';
import { javaClasses } from '../worker/java-apps.ts';

setDefaultTimeout(60_000);
const process_ = ['--runtime', 'process'];

/** What a person sees of each failure of a processor under `eascmd test`; none leaves a file. */
async function failed(place: TestPlace, file: string, ...more: string[]) {
  const { code, out, err } = await place.run([file, ...process_, ...more]);
  expect([code, place.leftovers()]).toEqual([1, []]);
  expect(err).toStartWith('[ERROR] ');
  return { out, err };
}

describe('a processor that does not start', () => {
  needs('g++')('a library for another machine', async () => {
    await using place = new TestPlace();
    const file = place.cpp('foreign', ECHO_CPP);
    const library = readFileSync(join(place.folder, 'foreign/libp.so'));
    // e_machine of ELF: 183 is AArch64, 62 is x86-64.
    const [other, name] = process.arch === 'arm64' ? [62, 'x64'] : [183, 'arm64'];
    library.writeUInt16LE(other as number, 18);
    place.write('foreign/libp.so', library);
    const { err } = await failed(place, file);
    expect(err).toContain(`libp.so is built for ${name}, and this machine is ${process.arch}`);
    expect(err).toContain('build the processor on a machine of the same kind');
  });

  needs('g++')('a library that it needs is missing, and named', async () => {
    await using place = new TestPlace();
    const cwd = join(place.folder, 'lib');
    place.write('lib/q.cpp', 'int q() { return 0; }');
    place.write('lib/p.cpp', `int q();\n${ECHO_CPP.replace('*state = 0', '*state = q()')}`);
    execFileSync('g++', ['-shared', '-fPIC', '-o', 'libneeded.so.1', '-Wl,-soname,libneeded.so.1', 'q.cpp'], {
      cwd,
    });
    execFileSync('g++', ['-shared', '-fPIC', '-o', 'libp.so', 'p.cpp', 'libneeded.so.1'], { cwd });
    const file = place.describe('needy', {
      processor_path: './lib/libp.so',
      processor_type: 'cpp',
      processor_entry: 'libp.so',
    });
    const { err } = await failed(place, file);
    expect(err).toContain('libneeded.so.1: cannot open shared object file');
    expect(err).toContain('put libraries it needs beside it in the package');
  });

  needs('g++')('a symbol is missing, and named', async () => {
    await using place = new TestPlace();
    const lacking = place.cpp('lacking', ECHO_CPP.replace('int process(', 'int proces('));
    expect((await failed(place, lacking)).err).toContain('libp.so does not export process');
    const inner = place.cpp(
      'inner',
      `extern "C" int absent_function(void);\n${ECHO_CPP.replace('*state = 0', '*state = absent_function()')}`,
    );
    expect((await failed(place, inner)).err).toContain('undefined symbol: absent_function');
  });

  needs('g++')('initialize returns another state than 0', async () => {
    await using place = new TestPlace();
    const { err } = await failed(place, place.cpp('state', ECHO_CPP.replace('*state = 0', '*state = 7')));
    expect(err).toContain('initialize() of the processor set state 7, which means failure');
  });

  needs('g++')('initialize throws', async () => {
    await using place = new TestPlace();
    const source = `#include <stdexcept>\n${ECHO_CPP.replace('*state = 0', 'throw std::runtime_error("no weights")')}`;
    const { err } = await failed(place, place.cpp('throws', source));
    expect(err).toContain('was ended by SIGABRT while loading');
    expect(err).toContain('no weights');
  });

  needs('java')('Load of a Java class throws', async () => {
    await using place = new TestPlace();
    execFileSync('cp', ['-r', javaClasses(), join(place.folder, 'classes')]);
    const file = place.describe('loads', {
      processor_path: './classes',
      processor_type: 'java',
      processor_mainclass: 'demo.Broken$LoadThrows',
    });
    const { err } = await failed(place, file);
    expect(err).toContain(
      'demo.Broken$LoadThrows.Load() failed: java.lang.IllegalStateException: no model here',
    );
  });

  needs('python3')('an import fails, with its traceback', async () => {
    await using place = new TestPlace();
    const { err } = await failed(place, place.python('bad', 'import not_there_at_all\n'));
    expect(err).toContain('the processor exited with code 1 while loading');
    expect(err).toContain("No module named 'not_there_at_all'");
  });

  needs('python3')('initialize of a Python class raises', async () => {
    await using place = new TestPlace();
    const code = ECHO_PYTHON.replace("print('loading', flush=True)", "raise IOError('no weights')");
    expect((await failed(place, place.python('raises', code))).err).toContain('no weights');
  });
});

describe('a processor that fails during a request', () => {
  needs('g++')('a segmentation fault is told as such', async () => {
    await using place = new TestPlace();
    const source = ECHO_CPP.replace(
      'if (size == 4',
      'if (size == 5) *(volatile int *)8 = 1;\n  if (size == 4',
    );
    const { err } = await failed(place, place.cpp('segv', source), '-d', 'crash');
    expect(err).toContain('the processor was ended by SIGSEGV');
  });

  needs('python3')('an infinite loop ends at rpc.keepalive with 408', async () => {
    await using place = new TestPlace();
    const code = ECHO_PYTHON.replace(
      "return b'echo '",
      "while data == b'loop': pass\n        return b'echo '",
    );
    const file = place.python('loops', code, { metadata: { 'rpc.keepalive': 3000 } });
    const { out, err } = await failed(place, file, '-d', 'loop', '-d', 'x');
    expect(out).toMatch(/^\[FAILED\] Request 1\/2: status 408, /m);
    expect(out).toMatch(/^\[OK\] Request 2\/2: status 200, /m);
    expect(err).toContain('1 of 2 requests failed, the first with status 408');
  });

  needs('java')('memory of a JVM runs out', async () => {
    await using place = new TestPlace();
    execFileSync('cp', ['-r', javaClasses(), join(place.folder, 'classes')]);
    const file = place.describe('eats', {
      processor_path: './classes',
      processor_type: 'java',
      processor_mainclass: 'demo.App',
      metadata: { memory: 200 },
    });
    expect((await failed(place, file, '-d', 'memory')).err).toContain('java.lang.OutOfMemoryError');
  });

  needs('python3')('a gigabyte on stdout passes by; requests are answered meanwhile', async () => {
    await using place = new TestPlace();
    const flood = ECHO_PYTHON.replace(
      "print('loading', flush=True)",
      `import threading
        line = b'x' * 1048575 + b'\\n'
        threading.Thread(target=lambda: [os.write(1, line) for _ in range(1024)], daemon=True).start()`,
    );
    const { code, out } = await place.run([place.python('flood', flood), ...process_, '-d', 'x', '-d', 'y']);
    expect(code).toBe(0);
    expect(out).toContain('echo x');
    expect(out).toContain('echo y');
    expect(place.leftovers()).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  needs('python3')('while a package is on its way from a slow server', async () => {
    await using place = new TestPlace();
    const asked = Promise.withResolvers<void>();
    using server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      idleTimeout: 0,
      fetch() {
        asked.resolve();
        return new Response(new ReadableStream({ start: (out) => out.enqueue(new Uint8Array(1000)) }));
      },
    });
    const file = place.describe('slow', {
      processor_path: `http://127.0.0.1:${server.port}/app.tar.gz`,
      processor_type: 'python',
      processor_entry: './app.py',
    });
    const test = place.start([file, ...process_]);
    await asked.promise;
    test.io.signal('SIGINT');
    expect([await test.ended, place.leftovers()]).toEqual([130, []]);
    await server.stop(true);
  });

  needs('python3')('while a request is computed', async () => {
    await using place = new TestPlace();
    const code = ECHO_PYTHON.replace(
      "return b'echo '",
      "print('computing', flush=True); time.sleep(600)\n        return b'echo '",
    );
    const test = place.start([place.python('long', code), ...process_, '-d', 'x']);
    await test.seen(/\] computing$/m);
    test.io.signal('SIGINT');
    expect([await test.ended, place.leftovers()]).toEqual([130, []]);
  });
});
