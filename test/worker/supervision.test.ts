import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { misses } from '../support/needs.ts';
import { PYTHON_APP } from './apps.ts';
import { isAlive, pythonHost, until } from './host.ts';

setDefaultTimeout(90_000);
const noPython = misses('python3');
const linux = process.platform === 'linux';
const RESET = 'upstream connect error or disconnect/reset before headers';

describe.skipIf(noPython)('a processor that crashes', () => {
  test('in flight and waiting requests get 503, it comes back, and the event tells why', async () => {
    const host = pythonHost(PYTHON_APP, { env: { THREADS: '2' }, limits: { keepaliveMs: 60_000 } });
    await host.event('ready');
    const pid = Number((await host.text('pid'))[1]);
    const running = [host.text('sleep:60'), host.text('sleep:60')];
    await host.has('in_flight', 2);
    const waiting = host.text('waits');
    await host.has('queued', 1);
    process.kill(pid, 'SIGSEGV');
    for (const answer of await Promise.all([...running, waiting])) expect(answer).toEqual([503, RESET]);
    const exited = await host.event('exited');
    expect(exited).toMatchObject({
      restarts: 1,
      willRestart: true,
      state: { exitCode: 139, reason: 'SIGSEGV' },
    });
    expect(exited.state.startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    await host.event('ready', host.events.indexOf(exited));
    expect(await host.text('again')).toEqual([200, 'again']);
  });

  test('the message holds its last lines, and the pause grows', async () => {
    const host = pythonHost(PYTHON_APP);
    await host.event('ready');
    await host.text('exit:7');
    const first = await host.event('exited');
    expect(first.state).toMatchObject({ exitCode: 7, reason: 'Error' });
    expect(first.message).toStartWith(
      'the processor exited with code 7: leaving now\nIts last output:\nloading the model\nleaving now',
    );
    const at = host.events.indexOf(first) + 1;
    await host.event('ready', at);
    await host.text('exit:7');
    expect((await host.event('exited', at)).delayMs).toBe(2 * first.delayMs);
  });

  test('crash block leaves it down', async () => {
    const host = pythonHost(PYTHON_APP, { limits: { crashBlock: true } });
    await host.event('ready');
    await host.text('exit:1');
    expect(await host.event('exited')).toMatchObject({ willRestart: false, restarts: 0, delayMs: 0 });
    await Bun.sleep(1200);
    expect(host.events.filter(({ type }) => type === 'ready')).toHaveLength(1);
    expect(await host.text('x')).toEqual([503, 'no healthy upstream']);
  });
});

describe.skipIf(noPython)('a processor that does not load', () => {
  test('an import error is reported and tried again', async () => {
    const host = pythonHost('import no_such_module\n');
    const first = await host.event('exited');
    expect(first.message).toContain('exited with code 1 while loading');
    expect(first.message).toContain("No module named 'no_such_module'");
    const second = await host.event('exited', host.events.indexOf(first) + 1);
    expect(second).toMatchObject({ restarts: 2, willRestart: true, delayMs: 1000 });
    expect(host.events.some(({ type }) => type === 'ready')).toBe(false);
  });

  test('an entry that is not there, and an interpreter that is not there', async () => {
    const processor = { type: 'python' as const, entry: 'absent.py', python: 'python3' };
    expect((await pythonHost('', { processor }).event('exited')).message).toContain('has no absent.py');
    const absent = { type: 'python' as const, entry: 'app.py', python: '/no/such/python' };
    expect((await pythonHost('', { processor: absent }).event('exited')).message).toContain(
      '/no/such/python is not there',
    );
  });

  test('a load that hangs is ended at the start timeout', async () => {
    const host = pythonHost(PYTHON_APP.replace('print("loading the model", flush=True)', 'time.sleep(600)'), {
      startTimeoutMs: 700,
    });
    const exited = await host.event('exited');
    expect(exited.message).toContain('was not ready within 0.7 s');
    expect(exited.state.reason).toBe('SIGKILL');
  });

  test('an unknown type is refused with its name', async () => {
    const host = pythonHost('', { processor: { type: 'golang' as 'cpp', entry: 'a.go' } });
    expect(await host.event('fatal')).toMatchObject({
      code: 'ProcessorTypeNotSupported',
      message: 'there are no processors of type "golang"',
    });
    expect(await host.process.exited).toBe(1);
  });

  test('a port that is taken is fatal', async () => {
    using taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
    const host = pythonHost(PYTHON_APP, { port: taken.port! });
    expect((await host.event('fatal')).message).toContain(`127.0.0.1:${taken.port}`);
    expect(await host.process.exited).toBe(1);
  });
});

describe.skipIf(noPython)('output of user code', () => {
  test('a flood goes on while requests are answered; memory and log stay small', async () => {
    const host = pythonHost(PYTHON_APP);
    await host.event('ready');
    await host.text('flood:1600');
    await until(() => statSync(host.spec.logFile).size > 20_000_000);
    expect(await host.text('still here')).toEqual([200, 'still here']);
    if (linux) {
      expect(await residentKb(host.process.pid)).toBeLessThan(200_000);
    }
    expect(statSync(host.spec.logFile).mode & 0o077).toBe(0);
  });
});

describe.skipIf(noPython)('a gigabyte of output', () => {
  test('goes by whole, while requests are answered, in little memory and two files of 64 MiB', async () => {
    const app = PYTHON_APP.replace(
      'threading.Thread(target=flood)',
      'threading.Thread(target=lambda: (flood(), os.write(1, b"that was all\\n")))',
    );
    const host = pythonHost(app);
    await host.event('ready');
    await host.text('flood:16384');
    const { logFile } = host.spec;
    const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    let mostKb = 0;
    while (!lastBytes(logFile).endsWith('that was all\n')) {
      expect(await host.text('still here')).toEqual([200, 'still here']);
      expect(sizeOf(logFile) + sizeOf(`${logFile}.1`)).toBeLessThanOrEqual(128 * 1024 * 1024);
      if (linux) mostKb = Math.max(mostKb, await residentKb(host.process.pid));
      await Bun.sleep(500);
    }
    expect(mostKb).toBeLessThan(200_000);
  }, 300_000);
});

async function residentKb(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await Bun.file(`/proc/${pid}/status`).text())?.[1]);
}

/** Nothing in the moment between two files. */
function lastBytes(file: string): string {
  const length = 200;
  if (!existsSync(file)) return '';
  const buffer = Buffer.alloc(length);
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, length, Math.max(0, size - length)));
  } finally {
    closeSync(fd);
  }
}

describe.skipIf(noPython || !linux)('nobody is left over', () => {
  const withProcesses = async () => {
    const host = pythonHost(PYTHON_APP);
    await host.event('ready');
    const pids = [Number((await host.text('pid'))[1]), Number((await host.text('child'))[1])];
    const stuck = host.text('loop').catch(() => undefined);
    expect(pids.map(isAlive)).toEqual([true, true]);
    return { host, pids, stuck };
  };
  const gone = (pids: number[]) => until(() => !pids.some(isAlive));

  test('when the host is killed with SIGKILL', async () => {
    const { host, pids, stuck } = await withProcesses();
    host.process.kill('SIGKILL');
    await gone(pids);
    await stuck;
  });

  test('when stdin ends, at once', async () => {
    const { host, pids, stuck } = await withProcesses();
    expect(await host.end()).toBe(0);
    await gone(pids);
    await stuck;
  });

  test('after stop', async () => {
    const { host, pids, stuck } = await withProcesses();
    host.say('stop');
    expect(await host.process.exited).toBe(0);
    await gone(pids);
    await stuck;
  });

  test('when the processor itself crashes, its children go too', async () => {
    const { host, pids, stuck } = await withProcesses();
    await host.text('exit:3');
    await gone(pids);
    await stuck;
  });
});

describe.skipIf(noPython)('draining', () => {
  for (const how of ['drain', 'SIGTERM'] as const) {
    test(`${how} finishes what is in flight, then leaves`, async () => {
      const host = pythonHost(PYTHON_APP);
      await host.event('ready');
      const running = host.text('sleep:0.8');
      await host.has('in_flight', 1);
      if (how === 'drain') host.say('drain');
      else host.process.kill('SIGTERM');
      expect(await running).toEqual([200, 'slept']);
      await host.event('drained');
      expect(await host.process.exited).toBe(0);
    });
  }

  test('no longer than the grace time', async () => {
    const host = pythonHost(PYTHON_APP, { graceMs: 300 });
    await host.event('ready');
    const running = host.text('sleep:20').catch(() => 'cut');
    await host.has('in_flight', 1);
    host.say('drain');
    await host.event('drained');
    expect(await host.process.exited).toBe(0);
    await running;
  });

  test('rpc.enable_sigterm lets user code say goodbye', async () => {
    const app = PYTHON_APP.replace(
      'import allspark',
      'import allspark\nsignal.signal(signal.SIGTERM, lambda *_: (print("goodbye", flush=True), os._exit(0)))',
    );
    const host = pythonHost(app, { limits: { enableSigterm: true } });
    await host.event('ready');
    host.say('drain');
    await host.event('drained');
    await host.process.exited;
    expect(host.log()).toContain('goodbye');
  });
});
