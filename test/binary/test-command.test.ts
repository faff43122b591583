import { describe, expect, setDefaultTimeout } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryPlace } from '../support/binary/place.ts';
import { echoPython } from '../support/binary/services.ts';
import { TerminalSession } from '../support/binary/terminal.ts';
import { needs } from '../support/needs.ts';
import { ECHO_CPP } from '../support/test-place.ts';

setDefaultTimeout(60_000);

async function project(
  place: BinaryPlace,
): Promise<{ args: string[]; env: Record<string, string>; left: () => string[] }> {
  const scratch = join(place.folder, 't');
  mkdirSync(scratch);
  await Bun.write(join(place.work, 'app.py'), echoPython);
  const document = {
    name: 'echo',
    processor_path: './app.py',
    processor_type: 'python',
    processor_entry: 'app.py',
  };
  await Bun.write(join(place.work, 'echo.json'), JSON.stringify(document));
  return {
    args: ['test', 'echo.json', '--runtime', 'process'],
    env: { TMPDIR: scratch },
    left: () => readdirSync(scratch),
  };
}

describe('eascmd test as a binary', () => {
  needs('python3', 'linux')('stops with everything it started on Ctrl-C', async () => {
    await using place = new BinaryPlace();
    const { args, env, left } = await project(place);
    using session = new TerminalSession(place, args, { env });
    await session.seen(/Ready\. Try: curl (http:\S+)/);
    const [, url] = /curl (http:\S+)/.exec(session.screen)!;
    session.pressCtrlC();
    expect(await session.ended()).toBe(130);
    await expect(fetch(url!)).rejects.toThrow();
    expect(left()).toEqual([]);
  });

  needs('python3', 'linux')('stops with everything it started when its terminal goes away', async () => {
    await using place = new BinaryPlace();
    const { args, env, left } = await project(place);
    using session = new TerminalSession(place, args, { env });
    await session.seen(/Ready\. Try: curl (http:\S+)/);
    const [, url] = /curl (http:\S+)/.exec(session.screen)!;
    expect(await session.hangUp()).toBe(143);
    await expect(fetch(url!)).rejects.toThrow();
    expect(left()).toEqual([]);
  });

  needs('python3', 'linux')('leaves no process when it is killed', async () => {
    await using place = new BinaryPlace();
    const { args, env } = await project(place);
    const session = new TerminalSession(place, args, { env });
    await session.seen(/Ready\. Try/);
    const [, url] = /curl (http:\S+)/.exec(session.screen)!;
    session[Symbol.dispose]();
    await session.ended();
    for (let tries = 0; tries < 200 && (await answers(url!)); tries++) await Bun.sleep(50);
    expect(await answers(url!)).toBe(false);
  });
});

describe('no leak', () => {
  needs('g++', 'linux')(
    'after two hundred starts and stops no process, port, socket or folder remains',
    async () => {
      await using place = new BinaryPlace();
      const scratch = join(place.folder, 't');
      mkdirSync(scratch);
      await Bun.write(join(place.work, 'p.cpp'), ECHO_CPP);
      execFileSync('g++', ['-shared', '-fPIC', '-o', 'libp.so', 'p.cpp'], { cwd: place.work });
      const document = {
        name: 'again',
        processor_path: './libp.so',
        processor_type: 'cpp',
        processor_entry: 'libp.so',
      };
      await Bun.write(join(place.work, 'again.json'), JSON.stringify(document));
      const before = listeners();
      const ports: string[] = [];
      const env = { TMPDIR: scratch };
      for (let round = 0; round < ROUNDS / AT_ONCE; round++) {
        const ends = Array.from({ length: AT_ONCE }, () =>
          place.run(['test', 'again.json', '--runtime', 'process', '-d', 'x'], { env }),
        );
        for (const { code, stdout, stderr } of await Promise.all(ends)) {
          expect([code, stderr]).toEqual([0, '']);
          ports.push(/Serving at: \[http:\/\/localhost:(\d+)\//.exec(stdout)![1]!);
        }
      }
      expect(ports).toHaveLength(ROUNDS);
      expect(readdirSync(scratch)).toEqual([]);
      expect(processesOf(place.folder)).toEqual([]);
      const left = listeners().filter((port) => !before.includes(port) && ports.includes(port));
      expect(left).toEqual([]);
    },
    600_000,
  );
});

const ROUNDS = 200;
const AT_ONCE = 4;

/** Ports that somebody on this machine listens on. */
function listeners(): string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(1) : []))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === '0A')
    .map(([, local]) => String(Number.parseInt(local!.split(':')[1]!, 16)));
}

/** Processes whose environment or command names the folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return ['environ', 'cmdline'].some((name) =>
        readFileSync(`/proc/${pid}/${name}`, 'latin1').includes(folder),
      );
    } catch {
      return false;
    }
  });
}

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );
