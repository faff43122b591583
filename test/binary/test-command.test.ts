import { describe, expect } from 'bun:test';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryPlace } from '../support/binary/place.ts';
import { echoPython } from '../support/binary/services.ts';
import { TerminalSession } from '../support/binary/terminal.ts';
import { needs } from '../support/needs.ts';

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

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );
