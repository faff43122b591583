import { describe, expect } from 'bun:test';
import { join } from 'node:path';
import { BinaryPlace } from '../support/binary/place.ts';
import { describePython, echoPython, slowPython } from '../support/binary/services.ts';
import { TerminalSession } from '../support/binary/terminal.ts';
import { needs } from '../support/needs.ts';

const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;
const local = (...words: string[]) => ['-e', 'local', ...words];

describe('the binary on a terminal', () => {
  needs('python3', 'linux')('shows a spinner while it waits, and asks before it deletes', async () => {
    await using place = new BinaryPlace();
    await place.startLocal();
    const description = await describePython(place, 'echo', echoPython);
    using create = new TerminalSession(place, local('create', description));
    expect(await create.ended()).toBe(0);
    expect(create.screen).toMatch(SPINNER);
    expect(create.screen).toContain('[OK] Service is running');

    using refused = new TerminalSession(place, local('delete', 'echo'));
    await refused.seen(/Are you sure to delete the service \[echo\] in \[local\]\? \[Y\/n\]/);
    refused.type('n\r');
    expect(await refused.ended()).toBe(1);

    using confirmed = new TerminalSession(place, local('delete', 'echo'));
    await confirmed.seen(/\[Y\/n\]/);
    confirmed.type('Y\r');
    expect(await confirmed.ended()).toBe(0);
    expect(confirmed.screen).toContain('[OK] Service was deleted successfully');
  });

  needs('python3', 'linux')('draws nothing that moves with NO_COLOR or through a pipe', async () => {
    await using place = new BinaryPlace();
    await place.startLocal();
    const description = await describePython(place, 'echo', echoPython);
    using plain = new TerminalSession(place, local('create', description), { env: { NO_COLOR: '1' } });
    expect(await plain.ended()).toBe(0);
    expect(plain.screen).not.toMatch(SPINNER);
    expect(plain.screen).not.toContain('\x1b[');
    const stopped = await place.must(local('stop', 'echo'));
    expect(stopped.stdout + stopped.stderr).not.toMatch(SPINNER);
    expect(stopped.stdout + stopped.stderr).not.toContain('\x1b');
  });

  needs('python3', 'linux')('is interrupted in the middle of a wait, and says how to go on', async () => {
    await using place = new BinaryPlace();
    await place.startLocal();
    const description = await describePython(place, 'slow', slowPython);
    using create = new TerminalSession(place, local('create', description));
    await create.seen(/\[OK\] Waiting \[Total: 1, Pending: 1, Running: 0\]/);
    create.pressCtrlC();
    expect(await create.ended()).toBe(130);
    expect(create.screen).toMatch(/eascmd .*wait slow/);
    const listed = await place.must(local('ls', '-o', 'json'));
    expect(JSON.parse(listed.stdout).Services).toMatchObject([{ ServiceName: 'slow' }]);

    const waited = await place.run(local('wait', 'slow', '--timeout', '1s'));
    expect(waited.code).toBe(8);
    const unanswered = await place.run(local('delete', 'slow'));
    expect(unanswered).toMatchObject({ code: 2, stdout: '' });
    await place.must(local('delete', 'slow', '--yes'));
  });

  needs('python3', 'linux')(
    'serves the numbers of a stress test until Ctrl-C; the test goes on',
    async () => {
      await using place = new BinaryPlace();
      await place.startLocal();
      await place.must(local('create', await describePython(place, 'echo', echoPython)));
      await Bun.write(
        join(place.work, 'bench.json'),
        '{"service": {"serviceName": "echo"}, "data": {"content": "aGVsbG8="}, "optional": {"mode": "manual"}}',
      );
      using create = new TerminalSession(place, local('bench', 'create', 'bench.json'));
      await create.seen(/bench visualize benchmark-echo-[0-9a-f]{4}/);
      const [url] = /http:\/\/127\.0\.0\.1:\d+\/eas-benchmark\/statsview/.exec(create.screen)!;
      const page = await fetch(url);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Requests per second')]);
      expect(((await (await fetch(`${url}/data`)).json()) as { task: object }).task).toMatchObject({
        ServiceName: 'echo',
        DesiredAgent: 1,
      });
      create.pressCtrlC();
      expect(await create.ended()).toBe(130);
      expect(create.screen).toContain('the benchmark task goes on');
      const { Tasks } = JSON.parse((await place.must(local('bench', 'ls', '-o', 'json'))).stdout);
      expect(Tasks).toMatchObject([{ ServiceName: 'echo', Status: 'Running' }]);
      await place.must(local('bench', 'delete', Tasks[0].TaskName, '--yes'));
    },
  );
});
