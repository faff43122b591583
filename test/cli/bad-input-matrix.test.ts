import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, globalOptions } from '../../src/cli/catalogue.ts';
import type { CommandSpec, OptionSpec } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run.ts';
import { EasError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';
import type { EasApi } from '../../src/core/service/api.ts';
import { fakeIo } from '../support/fake-io.ts';
import { hostOf, runScripted } from '../support/scripted-eas.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type Row, rows } from './bad-input/rows.ts';

/**
 * Every argument and option of every command: missing, empty, misspelt (made from the catalogue), out of range, of the
 * wrong type, naming what does not exist (rows.ts). All but the last are refused before anything is sent: a call of the
 * API, a client, a process would fail the test.
 */
const folder = temporaryFolder();
beforeAll(() => {
  const good = { name: 'echo', processor_path: 'a', processor_type: 'python', processor_entry: 'a.py' };
  const bench = (optional: object) => ({
    service: { serviceName: 'echo' },
    data: { content: 'YQ==' },
    optional,
  });
  const files: Record<string, unknown> = {
    'good.json': { ...good, metadata: { instance: 1, cpu: 1 } },
    'list.json': [1],
    'other.json': { ...good, name: 'other', metadata: { instance: 1, cpu: 1 } },
    'far.json': { ...good, metadata: { instance: -1, cpu: 1 } },
    'typed.json': { ...good, metadata: { instance: 'many', cpu: 1 } },
    'slip.json': { ...good, metadata: { instnace: 1, cpu: 1 } },
    'minmax.json': { min: 5, max: 2, strategies: { qps: 1 } },
    'metric.json': { min: 1, max: 2, strategies: { qsp: 1 } },
    'network.json': { Action: 'create', VSwitchId: 'vsw-1', SecurityGroupId: 'sg-1' },
    'cidr.json': { Action: 'create', VSwitchId: 'v', SecurityGroupId: 's', DestinationCIDR: '10.1.0.0/16' },
    'action.json': { Action: 'creat', VSwitchId: 'v', SecurityGroupId: 's' },
    'cron.json': { ScaleJobs: [{ Schedule: '0 0 25 * * *', TargetSize: 2 }] },
    'job.json': { ScaleJobs: [{ Shedule: '0 0 5 * * *', TargetSize: 2 }] },
    'bench.json': bench({ mode: 'manual' }),
    'bench-slip.json': bench({ concurency: 2 }),
    'bench-far.json': bench({ duration: 1201 }),
    'bench-typed.json': bench({ mode: 'automatic' }),
    'bench-path.json': { service: { serviceName: 's' }, data: { path: 'requests.bin' } },
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder.path, name), JSON.stringify(content));
});
afterAll(() => folder[Symbol.dispose]());

const notFound = (name: string) => () =>
  Promise.reject(
    new EasError({ code: name, message: `${name} it is`, requestId: 'R-404', status: 404, exit: 1 }),
  );

async function refused(argv: string[], row: Partial<Row> = {}) {
  const host = { cwd: folder.path, homeDir: folder.path, env: { PATH: process.env.PATH } };
  const { code, out, err } = row.isWhole
    ? await whole(argv, host)
    : await runScripted(argv, {}, { stdin: '', host, clients: row.absent ? absent(row.absent) : {} });
  expect(err).toMatch(/^\[ERROR\] /m);
  expect(err).not.toMatch(/^\s+at |This is a bug/m);
  if (!row.isChatty) expect(out).toBe('');
  return { code, err };
}

/** Every call of the API answers that this is not there. */
function absent(code: string) {
  const gone = notFound(code);
  const get = (_: object, name: string | symbol) =>
    name === 'then' ? undefined : name === 'close' ? () => {} : gone;
  return { api: async () => new Proxy({}, { get }) as EasApi };
}

/** With the program's own settings and clients. */
async function whole(argv: string[], host: Partial<Host>) {
  const io = fakeIo({ stdin: '' });
  const code = await runCli(hostOf(argv, host), io);
  return { code, out: io.out(), err: io.err() };
}

const words = (spec: CommandSpec) => spec.name.split(' ');
const required = (spec: CommandSpec) =>
  (spec.arguments ?? []).filter(([notation]) => notation.startsWith('<'));
const long = (option: OptionSpec) => /--([\w-]+)/.exec(option.flags)![0];
const takesValue = (option: OptionSpec) => option.flags.includes('<');
/** As many good-looking arguments as the command asks for. */
const filled = (spec: CommandSpec) => [...words(spec), ...required(spec).map(() => 'x')];

describe.each(catalogue.map((spec) => [spec.name, spec] as const))('%s', (_name, spec) => {
  for (const [index, [notation]] of required(spec).entries()) {
    test(`${notation} is missing`, async () => {
      const { code, err } = await refused([...words(spec), ...Array(index).fill('x')]);
      expect(code).toBe(2);
      expect(err).toContain(`Missing required argument '${notation.replace(/[<>.]/g, '')}'`);
    });

    test(`${notation} is empty`, async () => {
      const argv = [...words(spec), ...required(spec).map((_, at) => (at === index ? '' : 'x'))];
      const { code, err } = await refused(argv);
      expect(code).toBe(2);
      expect(err).toContain(`${notation} is empty`);
    });
  }

  const takesMany = (spec.arguments ?? []).some(([notation]) => notation.includes('...'));
  if (!takesMany)
    test('one argument too many', async () => {
      const argv = [...words(spec), ...(spec.arguments ?? []).map(() => 'x'), 'more'];
      const { code, err } = await refused(argv);
      expect(code).toBe(2);
      expect(err).toContain('Too many arguments');
    });

  for (const option of spec.options ?? []) {
    test(`${long(option)} is misspelt`, async () => {
      const slip = `${long(option).slice(0, -1)}z`;
      const { code, err } = await refused([...filled(spec), slip]);
      expect(code).toBe(2);
      expect(err).toContain(`Unknown option '${slip}'`);
      expect(err).toMatch(/Did you mean (one of )?--/);
    });
    if (!takesValue(option)) continue;

    test(`${long(option)} lacks its value`, async () => {
      const { code, err } = await refused([...filled(spec), long(option)]);
      expect(code).toBe(2);
      expect(err).toContain('argument missing');
    });

    if (option.mayBeEmpty) continue;
    test(`${long(option)} is empty`, async () => {
      const { code, err } = await refused([...filled(spec), long(option), '']);
      expect(code).toBe(2);
      expect(err).toContain(`${long(option)} is empty`);
    });
  }

  test('is misspelt', async () => {
    const [first, ...rest] = words(spec).toReversed();
    const slip = [...rest.toReversed(), `${first}q`];
    const { code, err } = await refused(slip);
    expect(code).toBe(2);
    expect(err).toContain(`Unknown command '${slip.at(-1)}'`);
    expect(err).toContain('Did you mean');
  });
});

describe.each(globalOptions.filter(takesValue).map((option) => [long(option), option] as const))(
  '%s',
  (name, option) => {
    test('lacks its value', async () => {
      const { code, err } = await refused(['ls', name]);
      expect(code).toBe(2);
      expect(err).toContain('argument missing');
    });
    if (option.mayBeEmpty) return;
    test('is empty', async () => {
      const { code, err } = await refused([name, '', 'ls']);
      expect(code).toBe(2);
      expect(err).toContain(`${name} is empty`);
    });
  },
);

describe('what is out of range, of the wrong type, or names what does not exist', () => {
  const wanted = catalogue.flatMap((spec) => [
    ...(spec.arguments ?? []).map(([notation]) => `${spec.name} ${notation}`),
    ...(spec.options ?? []).filter(takesValue).map((option) => `${spec.name} ${long(option)}`),
  ]);
  test.each(wanted.map((name) => [name]))('%s has its rows, or none can be', (name) => {
    expect(rows[name]).toBeDefined();
  });
  test('there are rows for nothing else', () => {
    expect(Object.keys(rows).filter((name) => !wanted.includes(name))).toEqual([]);
  });

  const all = Object.entries(rows).flatMap(([name, list]) =>
    list === 'anything goes' ? [] : list.map((row) => [name, row.argv.join(' '), row] as const),
  );
  test.each(all)('%s: %s', async (_name, _line, row) => {
    const { code, err } = await refused(row.argv, row);
    for (const part of row.says) expect(err).toContain(part);
    expect(code).toBe(row.absent ? 1 : (row.code ?? 2));
    if (row.absent) expect(err).toContain('RequestId: R-404');
  });
});
