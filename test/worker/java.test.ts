import { describe, expect, setDefaultTimeout } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { encodeFrame, FrameKind } from '../../src/core/frames.ts';
import { needs } from '../support/needs.ts';
import { isAlive, javaHost, RunningHost, until } from './host.ts';
import { jar, javaClasses, javac, javaHomes } from './java-apps.ts';
import { temporaryFolder, writeFiles } from './packages.ts';

setDefaultTimeout(60_000);
const javaTest = needs('java');

/** A Java home that runs the machine's own JVM and says it is release 8: its processors come by TCP. */
function oldHome(): string {
  const java = Bun.which('java')!;
  const home = writeFiles(temporaryFolder(), {
    'bin/java': `#!/bin/sh\nexec ${java} "$@"\n`,
    release: 'JAVA_VERSION="1.8.0_402"\n',
  });
  chmodSync(join(home, 'bin/java'), 0o755);
  return home;
}

describe('a Java processor', () => {
  javaTest('is constructed, loaded and called; exceptions become 400 with their message', async () => {
    const config = '{"name": "模型"}\u0000\n';
    const host = javaHost('demo.App', { modelEntry: './m.txt', modelConfig: config, env: { FOO: 'bar' } });
    await host.event('ready');
    expect(await host.text('hello 模')).toEqual([200, 'hello 模']);
    expect(await host.text('entry')).toEqual([200, `${host.spec.workspace}/model/./m.txt`]);
    expect(await host.text('config')).toEqual([200, config]);
    expect(await host.text('loaded')).toEqual([200, 'true']);
    expect(await host.text('env:FOO')).toEqual([200, 'bar']);
    expect(await host.text('env:WORKER_NAME')).toEqual([200, 'easworker']);
    expect(await host.text('cwd')).toEqual([200, join(host.spec.workspace, 'predictor/p')]);
    expect(await host.text('stdin')).toEqual([200, '-1']);
    expect(await host.text('null')).toEqual([200, '']);
    expect((await fetch(await host.url())).status).toBe(200);
    expect(await host.text('raise:no good')).toEqual([400, 'no good']);
    expect(await host.text('silent')).toEqual([400, 'java.lang.IllegalStateException']);
    expect(await host.text('deep')).toEqual([400, 'java.lang.StackOverflowError']);
    expect(await host.text('goes on')).toEqual([200, 'goes on']);
    expect(host.log()).toContain(`loading 模 ${host.spec.workspace}/model/./m.txt`);
    expect(host.log()).toMatch(
      /java\.lang\.IllegalStateException: no good\n\tat demo\.App\.Process\(App\.java:\d+\)\n(?!\tat)/,
    );
    expect(host.log()).not.toContain('at eascmd.');
  });

  javaTest('bytes pass unchanged at every size; nothing of the class need be public', async () => {
    const host = javaHost('demo.Bytes', { limits: { keepaliveMs: 60_000 } });
    await host.event('ready');
    for (const size of [0, 1, 131_060, 131_061, 3_000_000, 20_000_000, 10]) {
      const body = new Uint8Array(size).map((_, at) => at * 7);
      const answer = new Uint8Array(await (await host.post(body)).arrayBuffer());
      expect([answer.byteLength, Bun.hash(answer)]).toEqual([size, Bun.hash(body)]);
    }
  });

  javaTest('worker_threads requests are computed at once', async () => {
    const host = javaHost('demo.App');
    await host.event('ready');
    const answers = await Promise.all(Array.from({ length: 5 }, () => host.text('together')));
    expect(answers).toEqual(Array(5).fill([200, 'together']));
  });

  javaTest('a thread that was interrupted serves on, whether by itself or by another', async () => {
    const host = javaHost('demo.App', { limits: { workerThreads: 1 } });
    await host.event('ready');
    expect(await host.text('interrupt')).toEqual([200, 'interrupted']);
    expect(await host.text('after')).toEqual([200, 'after']);
    expect(await host.text('later')).toEqual([200, 'soon']);
    await Bun.sleep(400);
    expect(await host.text('after')).toEqual([200, 'after']);
    expect(host.events.filter(({ type }) => type === 'exited')).toEqual([]);
  });

  javaTest('metadata.memory bounds the heap, and options of the user go before', async () => {
    const host = javaHost('demo.App', { properties: { memory: '200' } });
    const own = javaHost('demo.App', {
      properties: { memory: '200' },
      env: { JAVA_TOOL_OPTIONS: '-Xmx96m -Dmine=yes' },
    });
    await Promise.all([host.event('ready'), own.event('ready')]);
    expect(Number((await host.text('heap'))[1])).toBeWithin(140, 151);
    expect(Number((await own.text('heap'))[1])).toBeLessThan(97);
    expect(await own.text('property:mine')).toEqual([200, 'yes']);
  });

  javaTest('a request as large as the heap is refused, and harms nobody', async () => {
    const host = javaHost('demo.Bytes', {
      properties: { memory: '64' },
      limits: { keepaliveMs: 60_000 },
    });
    await host.event('ready');
    const [status, text] = await host.text('x'.repeat(40_000_000));
    expect([status, text]).toEqual([413, expect.stringContaining('has no room for a request of 40000000')]);
    expect(await host.text('small')).toEqual([200, 'small']);
  });

  for (const [what, body, code, said] of [
    ['System.exit', 'exit:3', 3, 'the processor called System.exit at demo.App.Process, line '],
    ['Runtime.halt', 'halt:4', 4, ''],
    ['memory running out', 'memory', 3, 'Terminating due to java.lang.OutOfMemoryError'],
  ] as const) {
    javaTest(`${what} ends the process with its reason; it comes back`, async () => {
      const host = javaHost('demo.App', { properties: { memory: '200' } });
      await host.event('ready');
      expect((await host.text(body))[0]).toBe(503);
      const exited = await host.event('exited');
      expect(exited.state.exitCode).toBe(code);
      expect(exited.message).toContain(said);
      await host.event('ready', host.events.indexOf(exited));
      expect(await host.text('back')).toEqual([200, 'back']);
    });
  }

  javaTest('rpc.enable_sigterm lets shutdown hooks run, after what is in flight is answered', async () => {
    const host = javaHost('demo.App', { limits: { enableSigterm: true } });
    await host.event('ready');
    await host.text('hook');
    const inFlight = host.text('sleep:500');
    await host.has('in_flight', 1);
    host.say('drain');
    expect(await inFlight).toEqual([200, 'slept']);
    await host.event('drained');
    expect(host.log()).toContain('saved everything');
    expect(host.log()).not.toContain('System.exit');
  });

  const linuxTest = needs('java', 'linux');
  linuxTest('nobody is left when the host is killed while user code loops', async () => {
    const host = javaHost('demo.App');
    await host.event('ready');
    const pid = Number((await host.text('pid'))[1]);
    const stuck = Promise.all(Array.from({ length: 5 }, () => host.text('loop').catch(() => undefined)));
    await host.has('in_flight', 5);
    expect(isAlive(pid)).toBe(true);
    host.process.kill('SIGKILL');
    await until(() => !isAlive(pid));
    await stuck;
  });
});

describe('a package', () => {
  javaTest('is a jar with its dependencies in lib/, or a bare jar', async () => {
    const classes = temporaryFolder();
    cpSync(javaClasses(), classes, { recursive: true });
    const workspace = join(temporaryFolder(), 'ws');
    const root = join(workspace, 'predictor/p');
    mkdirSync(join(root, 'lib'), { recursive: true });
    mkdirSync(join(workspace, 'model'));
    jar(join(root, 'lib/part.jar'), classes, 'demo/extra');
    rmSync(join(classes, 'demo/extra'), { recursive: true });
    jar(join(root, 'app.jar'), classes, 'demo');
    for (const entry of ['app.jar', './app.jar', '']) {
      const host = new RunningHost({ workspace, processor: { type: 'java', entry, mainClass: 'demo.App' } });
      await host.event('ready');
      expect(await host.text('part')).toEqual([200, 'part']);
    }
    rmSync(join(root, 'lib/part.jar'));
    const lacking = new RunningHost({
      workspace,
      processor: { type: 'java', entry: 'app.jar', mainClass: 'demo.App' },
    });
    await lacking.event('ready');
    const missing = 'the class demo.extra.Part is missing: put the jar that holds it in lib/ of the package';
    expect(await lacking.text('part')).toEqual([400, missing]);
    const failing = new RunningHost({
      workspace,
      processor: { type: 'java', entry: 'app.jar', mainClass: 'demo.Broken$NeedsPart' },
    });
    expect((await failing.event('exited')).message).toContain(
      `demo.Broken$NeedsPart.Load() failed: ${missing}`,
    );
    const misnamed = new RunningHost({
      workspace,
      processor: { type: 'java', entry: 'app.jar', mainClass: 'com.demo.App' },
    });
    expect((await misnamed.event('exited')).message).toEndWith(
      'the package has no class com.demo.App (processor_mainclass); did you mean demo.App?',
    );
  });

  javaTest('a class for a newer Java says which one it needs', async () => {
    const folder = writeFiles(temporaryFolder(), { 'New.java': 'public class New {}' });
    const root = join(folder, 'ws/predictor/p');
    mkdirSync(root, { recursive: true });
    javac(['-d', root, join(folder, 'New.java')]);
    // Class files count their versions from 44; 199 is a Java that is not there yet.
    const file = join(root, 'New.class');
    const bytes = readFileSync(file);
    bytes.writeUInt16BE(199, 6);
    writeFiles(root, { 'New.class': bytes });
    const workspace = join(folder, 'ws');
    const host = new RunningHost({ workspace, processor: { type: 'java', entry: '', mainClass: 'New' } });
    const { message } = await host.event('exited');
    expect(message).toContain('New was compiled for Java 155, and this is Java ');
    expect(message).toContain('set JAVA_HOME to a Java 155 or newer');
  });
});

describe('a processor that does not start', () => {
  for (const [name, said] of [
    ['LoadThrows', 'Load() failed: java.lang.IllegalStateException: no model here'],
    [
      'ConstructorThrows',
      'the constructor of demo.Broken$ConstructorThrows failed: java.io.IOException: disk gone',
    ],
    ['StaticThrows', 'a static initializer threw java.lang.IllegalStateException: static trouble'],
    ['NoConstructor', 'has no constructor (String modelEntry, String modelConfig)'],
    ['NoLoad', 'has no method Load(); it has load, but the name begins with a capital letter'],
    ['NoProcess', 'has no method byte[] Process(byte[]) and no String Process(String); it has process'],
    ['WrongResult', 'Process must return byte[] or String, not int'],
    ['Absent', 'the package has no class demo.Broken$Absent (processor_mainclass)'],
    ['ExitsInLoad', 'the processor called System.exit at demo.Broken$ExitsInLoad.Load, line '],
  ] as const) {
    javaTest(`says why: ${name}`, async () => {
      const host = javaHost(`demo.Broken$${name}`, { limits: { crashBlock: true } });
      const { message, state } = await host.event('exited');
      expect(message.split('\n').at(-1)).toContain(said);
      expect(message).not.toContain('java.lang.reflect');
      expect(state.exitCode).toBe(name === 'ExitsInLoad' ? 7 : 1);
    });
  }

  javaTest('a Load that hangs is ended at the start timeout', async () => {
    const host = javaHost('demo.Broken$Hangs', { startTimeoutMs: 1500 });
    expect((await host.event('exited')).message).toContain('was not ready within 1.5 s');
  });

  javaTest('without a Java, JAVA_HOME and PATH are named', async () => {
    const wrong = javaHost('demo.App', { env: { JAVA_HOME: '/nowhere' }, limits: { crashBlock: true } });
    expect((await wrong.event('exited')).message).toContain('JAVA_HOME is /nowhere, which has no bin/java');
    const none = javaHost('demo.App', { env: { JAVA_HOME: '', PATH: '' }, limits: { crashBlock: true } });
    expect((await none.event('exited')).message).toContain('JAVA_HOME is not set, and PATH has no java');
  });
});

describe('every Java', () => {
  for (const home of javaHomes()) {
    javaTest(`serves under ${home}`, async () => {
      const env = { JAVA_HOME: home };
      const [text, bytes] = [javaHost('demo.App', { env }), javaHost('demo.Bytes', { env })];
      await Promise.all([text.event('ready'), bytes.event('ready')]);
      const large = 'x'.repeat(300_000);
      expect(await bytes.text(large)).toEqual([200, large]);
      expect(await text.text('模')).toEqual([200, '模']);
      expect(await text.text('raise:no good')).toEqual([400, 'no good']);
      expect(text.log()).toContain('loading 模');
      expect(text.log()).not.toMatch(/warning/i);
    });
  }

  javaTest('before 16 comes by TCP on loopback, where strangers learn nothing', async () => {
    const host = javaHost('demo.Bytes', { env: { JAVA_HOME: oldHome() } });
    await host.event('ready');
    const body = 'x'.repeat(2_000_000);
    expect(await host.text(body)).toEqual([200, body]);
    const listing = execFileSync('sh', ['-c', `cat /proc/net/tcp 2>/dev/null || true`]).toString();
    const http = (await host.event('listening')).port;
    const ports = loopbackPorts(listing, host.process.pid).filter((found) => found !== http);
    expect(ports).toHaveLength(process.platform === 'linux' ? 1 : 0);
    const hello = Buffer.from('{"role":"processor","secret":"guessed","window":1}');
    for (const port of ports) {
      expect(await closes(port, Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBe('');
      expect(await closes(port, encodeFrame(FrameKind.response, 200, 1, Buffer.from('{}')))).toBe('');
      expect(await closes(port, encodeFrame(FrameKind.hello, 1, 0, hello))).toBe('');
      expect(await closes(port, encodeFrame(FrameKind.hello, 1, 0, new Uint8Array(70_000)))).toBe('');
    }
    expect(await host.text('still here')).toEqual([200, 'still here']);
  });
});

describe('the committed host.jar', () => {
  javaTest('holds what its sources compile to', () => {
    const folder = resolve(import.meta.dir, '../../src/worker/java');
    const [fresh, committed] = [temporaryFolder(), temporaryFolder()];
    execFileSync('sh', [
      '-c',
      `javac -Xlint:-options --release 8 -d "$1" "$2"/host/eascmd/*.java`,
      'sh',
      fresh,
      folder,
    ]);
    execFileSync('jar', ['xf', join(folder, 'host.jar')], { cwd: committed });
    const difference = Bun.spawnSync(['diff', '-r', fresh, committed]).stdout.toString();
    expect(difference, 'run: node scripts/run.mjs java-host').toBe('');
    return undefined;
  });
});

/** Ports of 127.0.0.1 on which the process listens (Linux); none elsewhere. */
function loopbackPorts(table: string, pid: number): number[] {
  const sockets = execFileSync('sh', ['-c', `ls -l /proc/${pid}/fd 2>/dev/null || true`]).toString();
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A' && columns[1]?.startsWith('0100007F:'))
    .filter((columns) => sockets.includes(`socket:[${columns[9]}]`))
    .map((columns) => Number.parseInt(columns[1]!.split(':')[1]!, 16));
}

/** What a port answers to some bytes before it closes the connection. */
function closes(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((done, fail) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      got += chunk;
    });
    socket.on('close', () => done(got));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET') fail(error);
    });
  });
}
