import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { runCli } from '../../src/cli/run.ts';
import type { Instance } from '../../src/core/service/model.ts';
import { fakeIo } from '../support/fake-io.ts';
import { type LiveLocal, liveLocal, selfCommand } from '../support/live-local.ts';
import { needs } from '../support/needs.ts';
import { unlikelyPort } from '../support/ports.ts';
import { hostOf } from '../support/scripted-eas.ts';

/** Restart, scale, logs and their kin against a live Local EAS; the steps build on each other. */
const step = needs('python3');

const app = `import allspark


class EchoProcessor(allspark.BaseProcessor):
    def process(self, data):
        print('asked for ' + data.decode(), flush=True)
        if data == b'die':
            import os
            os._exit(9)
        return data, 200


if __name__ == '__main__':
    print('the app begins', flush=True)
    EchoProcessor(worker_threads=1).run()
`;

const description = {
  name: 'echo',
  processor_path: './app.py',
  processor_type: 'python',
  processor_entry: './app.py',
  token: 'secret-of-mine',
  metadata: { instance: 1, cpu: 1 },
};

const LIMIT_MS = 120_000;
/** One that it can have again after a restart: nobody is given it for asking for port 0. */
const port = String(unlikelyPort());
let local: LiveLocal;
beforeAll(async () => {
  local = await liveLocal(['--port', port]);
  local.write('app.py', app);
  local.write('echo.json', JSON.stringify(description));
});
afterAll(() => local?.stop());

const json = async (argv: string[]) => JSON.parse((await local.eas([...argv, '-o', 'json'])).out);
const instancesOf = async (name: string): Promise<string[]> =>
  (await json(['w', name])).Instances.filter(({ Status }: Instance) => Status !== 'Terminating').map(
    ({ InstanceName }: Instance) => InstanceName,
  );
const predict = (text: string) => local.eas(['predict', 'echo', '-d', text]);

/** The ten seconds of disbelief are for the cloud: on a clock that only sleeps move, 8 s would be over before. */
const soon = { isRealTime: false };

/** Runs a command that goes on until it is told to stop. */
function following(argv: string[]) {
  const io = fakeIo({ stdin: '', isRealTime: true });
  const env = { PATH: process.env.PATH, HOME: local.folder };
  const host = hostOf(['-e', 'local', ...argv], {
    homeDir: local.folder,
    cwd: local.folder,
    env,
    selfCommand,
  });
  const ended = runCli(host, io);
  return {
    io,
    ended,
    async until(text: string) {
      while (!io.out().includes(text)) {
        const over = await Promise.race([ended, Bun.sleep(20)]);
        if (typeof over === 'number') throw new Error(`it ended with ${over}: ${io.err()}`);
      }
    },
    async stop() {
      io.signal('SIGINT');
      return ended;
    },
  };
}

describe('a service that runs', () => {
  // proves: create (local)
  step('is created', async () => {
    expect((await local.eas(['create', 'echo.json'])).code).toBe(0);
  });

  // proves: scale (local)
  step('scale changes the number of instances and leaves those that run', async () => {
    const before = await instancesOf('echo');
    const { code, out } = await local.eas(['scale', 'echo', '2']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\[RequestId\]: .*\n\[OK\] Service \[echo\] in region \[local\] is scaling\n/);
    expect(out).toEndWith('[OK] Service is running\n');
    const after = await instancesOf('echo');
    expect(after).toHaveLength(2);
    expect(after).toContain(before[0]!);
    expect((await local.eas(['scale', 'echo', '1'])).code).toBe(0);
  });

  // proves: restart (local)
  step('restart replaces the instances', async () => {
    const before = await instancesOf('echo');
    const { code, out } = await local.eas(['restart', 'echo']);
    expect(code).toBe(0);
    expect(out).toContain('[OK] Service is restarting\n');
    expect(out).toEndWith('[OK] Service is running\n');
    expect(await instancesOf('echo')).not.toContain(before[0]!);
  });

  // proves: modify (local)
  step('modify shows what it changes on stderr, and --diff changes nothing', async () => {
    const diff = await local.eas([
      'modify',
      'echo',
      '-Dmetadata.rpc.keepalive=7000',
      '-Dtoken=other',
      '--diff',
    ]);
    expect(diff.out.split('\n').sort()).toEqual([
      '',
      '[DIFF] metadata.rpc.keepalive: (none) -> 7000',
      '[DIFF] token: "******" -> "******"',
    ]);
    expect(await json(['modify', 'echo', '-s', 'echo.json', '--diff'])).toContainEqual({
      path: 'version',
      before: 1,
      after: 2,
    });
    const changed = await local.eas(['modify', 'echo', '-Dmetadata.rpc.keepalive=7000']);
    expect([changed.code, changed.err]).toEqual([0, '[DIFF] metadata.rpc.keepalive: (none) -> 7000\n']);
    expect(changed.out).toMatch(/^\[RequestId\]: .*\n\[OK\] Succeed to update service \[echo\]/);
    expect((await json(['desc', 'echo'])).CurrentVersion).toBe(1);
  });

  step('a modify that changes nothing is over at once', async () => {
    const { code, err, out } = await local.eas(
      ['modify', 'echo', '-Dmetadata.rpc.keepalive=7000', '--timeout', '8s'],
      soon,
    );
    expect([code, err]).toEqual([0, '[DIFF] nothing changes\n']);
    expect(out).toEndWith('[OK] Service is running\n');
  });

  // proves: endpoints (local)
  step('endpoints shows addresses and token', async () => {
    const { out } = await local.eas(['endpoints', 'echo']);
    expect(out).toMatch(/\| Internet Endpoint \| http:\/\/127\.0\.0\.1:\d+\/api\/predict\/echo \|/);
    expect(out).toContain('secret-of-mine');
  });

  // proves: labels (local)
  step('labels are set, shown and removed', async () => {
    const set = await local.eas(['labels', 'echo', 'set', 'team=search', 'empty=', 'a=b=c']);
    expect(set.out).toMatch(/^\[RequestId\]: .*\n\[OK\] Succeed to update service \[echo\] labels\.\n$/);
    expect(await json(['labels', 'echo'])).toEqual({ a: 'b=c', empty: '', team: 'search' });
    expect((await local.eas(['labels', 'echo', 'rm', 'a', 'empty'])).code).toBe(0);
    expect((await local.eas(['labels', 'echo'])).out).toEndWith(
      '+------+--------+\n| KEY  | VALUE  |\n+------+--------+\n| team | search |\n+------+--------+\n',
    );
  });

  // proves: lock (local)
  step('a locked service is neither stopped nor deleted, and the way out is named', async () => {
    const locked = await local.eas(['lock', 'echo', 'dangerous']);
    expect(locked.out).toContain('[OK] service safety lock updated to dangerous\n');
    for (const argv of [
      ['stop', 'echo'],
      ['delete', 'echo', '-y'],
    ]) {
      const { code, err } = await local.eas(argv);
      expect([code, err.includes('Forbidden.SafetyLock'), err.includes('eascmd lock echo none')]).toEqual([
        1,
        true,
        true,
      ]);
    }
    expect((await local.eas(['scale', 'echo', '1'])).code).toBe(0);
    await local.eas(['lock', 'echo', 'all']);
    expect((await local.eas(['scale', 'echo', '1'])).err).toContain('Forbidden.SafetyLock');
    expect((await local.eas(['lock', 'echo', 'none'])).code).toBe(0);
  });

  // proves: clone (local)
  step('clone makes a second service with a token of its own', async () => {
    local.write('overrides.json', '{"metadata": {"memory": 600}}');
    const { code, out } = await local.eas(['clone', 'echo', 'echo_two', '-s', 'overrides.json']);
    expect(code).toBe(0);
    expect(out).toContain('/api/predict/echo_two');
    expect(out).toEndWith('[OK] Service is running\n');
    const clone = await json(['desc', 'echo_two']);
    expect([clone.Memory, clone.AccessToken === 'secret-of-mine']).toEqual([600, false]);
    expect((await local.eas(['predict', 'echo_two', '-d', 'twice'])).out).toBe('twice');
    expect((await local.eas(['clone', 'echo', 'echo_two'])).err).toContain('ServiceAlreadyExists');
  });

  // proves: release, deleteworkers (local)
  step('an associated service takes a part of the traffic, an instance is replaced', async () => {
    const created = await local.eas(['create', '-r', 'echo.json']);
    expect(created.code).toBe(0);
    const twin = /predict\/(echo_[0-9a-f]{8})\b/.exec(created.out)![1]!;
    const released = await local.eas(['release', twin, '-w', '20'], { stdin: 'Y\n' });
    expect(released.out).toEndWith(`[OK] Service [${twin}] is weighted to 20% now\n`);
    const [instance] = await instancesOf('echo');
    const deleted = await local.eas(['dw', 'echo', instance!, '--yes']);
    expect(deleted.out).toContain(`[OK] Instance(s) [${instance}] for service [echo]`);
    expect((await local.eas(['delete', twin, '--yes'])).code).toBe(0);
    expect((await local.eas(['wait', 'echo'])).code).toBe(0);
  });

  // proves: versions (local)
  step('versions marks the current one', async () => {
    expect((await local.eas(['modify', 'echo', '-s', 'echo.json'])).code).toBe(0);
    const { out } = await local.eas(['versions', 'echo']);
    expect(out).toMatch(/\| {7}2 \| yes {5}\|/);
    expect(out).toMatch(/\| {7}1 \| {9}\|/);
  });

  // proves: version (local)
  step('version -f to the current version deploys it once more', async () => {
    const before = await instancesOf('echo');
    const { code, out } = await local.eas(['version', '-f', 'echo', '2']);
    expect(code).toBe(0);
    expect(out).toEndWith('[OK] Service is running\n');
    expect(await instancesOf('echo')).not.toContain(before[0]!);
  });

  // proves: autoscale, cronscale (local)
  step('scalers are set, shown and removed', async () => {
    const set = await local.eas(['autoscale', 'echo', '-Dmin=1', '-Dmax=2', '-Dstrategies.qps=1000']);
    expect([set.code, set.err]).toEqual([0, '']);
    expect(await json(['autoscale', 'echo'])).toMatchObject({ MinReplica: 1, MaxReplica: 2 });
    expect((await local.eas(['autoscale', 'rm', 'echo'])).code).toBe(0);
    local.write('cron.json', '{"ScaleJobs": [{"Schedule": "0 0 3 1 1 *", "TargetSize": 1}]}');
    expect((await local.eas(['cronscale', 'echo', '-s', 'cron.json'])).code).toBe(0);
    expect(JSON.stringify(await json(['cronscale', 'echo']))).toContain('0 0 3 1 1 *');
    expect((await local.eas(['cronscale', 'rm', 'echo'])).code).toBe(0);
  });

  // proves: resource list, resource desc, resource list_instance (local)
  step('this machine is a resource group', async () => {
    const listed = await local.eas(['resource', 'ls']);
    expect(listed.out).toContain('| eas-r-local ');
    expect((await local.eas(['resource', 'desc', 'eas-r-local'])).out).toContain('ResourceReady');
    expect((await local.eas(['resource', 'li', 'eas-r-local'])).out).toContain('| Ready');
  });

  // proves: regions (local)
  step('regions has one', async () => {
    expect((await local.eas(['regions'])).out).toContain('| local    | Local EAS  |');
  });
});

describe('what a service says', () => {
  // proves: logs (local)
  step('logs by keyword, time, number and instance', async () => {
    await predict('first');
    const [instance] = await instancesOf('echo');
    const { out } = await local.eas(['logs', 'echo', '--keyword', 'asked for', '--instance', instance!]);
    expect(out).toEndWith('asked for first\n');
    expect((await local.eas(['logs', 'echo', '--since', '1h', '--keyword', 'asked'])).out).toContain('first');
    expect((await local.eas(['logs', 'echo', '--since', '2100-01-01'])).out).toBe('');
    const last = await local.eas(['logs', 'echo', '--instance', instance!, '-n', '1']);
    expect(last.out.trimEnd().split('\n')).toHaveLength(1);
  });

  step(
    'logs --previous shows why it crashed',
    async () => {
      const [instance] = await instancesOf('echo');
      expect((await local.eas(['logs', 'echo', '--instance', instance!, '--previous'])).out).toBe('');
      await predict('die');
      const restarted = async () => (await json(['w', 'echo'])).Instances[0];
      while ((await restarted()).RestartCount === 0 || (await restarted()).ReadyProcesses === 0)
        await Bun.sleep(50);
      const previous = await local.eas(['logs', 'echo', '--instance', instance!, '--previous']);
      expect(previous.out).toContain('asked for die');
      expect((await predict('alive')).out).toBe('alive');
      const again = await local.eas(['logs', 'echo', '--instance', instance!, '--previous']);
      expect(again.out).not.toContain('alive');
    },
    LIMIT_MS,
  );

  // proves: logs, wait, local stop (local)
  step(
    'logs -f goes on over a restart of Local EAS, and misses and repeats nothing',
    async () => {
      await predict('one');
      const followed = following(['logs', 'echo', '-f', '-n', '1', '--keyword', 'asked for']);
      await followed.until('asked for one\n');
      await local.run(['local', 'stop']);
      const again = await local.run(['local', 'start', '--port', port, '--object-port', '0']);
      expect(again).toMatchObject({ code: 0, err: '' });
      expect((await local.eas(['wait', 'echo'])).code).toBe(0);
      while ((await predict('two')).code !== 0) await Bun.sleep(100);
      await followed.until('asked for two\n');
      await predict('three');
      await followed.until('asked for three\n');
      expect(await followed.stop()).toBe(130);
      expect(followed.io.out()).toBe('asked for one\nasked for two\nasked for three\n');
    },
    LIMIT_MS,
  );

  // proves: events (local)
  step(
    'events -f prints what is new, once',
    async () => {
      const followed = following(['events', 'echo', '-f']);
      await followed.until('Normal');
      expect(await local.eas(['restart', 'echo'])).toMatchObject({ code: 0 });
      await followed.until('Killing');
      expect(await local.eas(['delete', 'echo', '-y'])).toMatchObject({ code: 0 });
      expect(await followed.ended).toBe(0);
      const lines = followed.io.out().trimEnd().split('\n');
      const killings = lines.filter((line) => line.includes('Killing'));
      expect(killings).toEqual([...new Set(killings)]);
      expect(followed.io.err()).toContain('service [echo] was deleted');
    },
    LIMIT_MS,
  );
});

describe('what cannot work', () => {
  step('a version that cannot be prepared: a scale fails at once with the reason', async () => {
    local.write(
      'broken.json',
      JSON.stringify({ ...description, name: 'broken', processor_path: './gone.py' }),
    );
    const created = await local.eas(['create', 'broken.json']);
    expect(created.code).toBe(1);
    const { code, err } = await local.eas(['scale', 'broken', '2', '--timeout', '8s'], soon);
    expect(code).toBe(1);
    expect(err).toContain("Version 1 can't be prepared");
  });
});

// proves: local logs, local reset (local)
step('local logs tells what the daemon did, and local reset forgets all of it', async () => {
  expect((await local.run(['local', 'logs'])).out).toContain('service broken');
  const reset = await local.run(['local', 'reset', '--yes']);
  expect(reset.code).toBe(0);
  expect((await local.run(['local', 'status'])).code).toBe(1);
  expect((await local.run(['local', 'start', '--port', '0', '--object-port', '0'])).code).toBe(0);
  expect((await json(['ls'])).Services).toEqual([]);
});
