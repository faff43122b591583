import type { CommandSpec, OptionSpec } from '../command.ts';
import { assume, dryRun, waitOptions } from './options.ts';

const task: [string, string] = ['<task>', 'name of the benchmark task, benchmark-…'];
const noPage: OptionSpec = {
  flags: '--no-visualize',
  meaning: 'end when the task runs, without the page that a terminal gets',
};

/** Stress tests of services (eascmd.md 1.2 and 2.14). */
export const benchmarkCommands: CommandSpec[] = [
  {
    name: 'bench create',
    summary: 'put a service under load as a benchmark JSON describes, and show the numbers',
    arguments: [['<bench_desc_json>', 'JSON file: service, data, http, optional']],
    options: [...waitOptions, noPage, dryRun],
    load: () => import('../../commands/bench/create.ts'),
  },
  {
    name: 'bench list',
    aliases: ['ls'],
    summary: 'list the benchmark tasks',
    load: () => import('../../commands/bench/list.ts'),
  },
  {
    name: 'bench desc',
    summary: 'show everything about a benchmark task',
    arguments: [task],
    load: () => import('../../commands/bench/desc.ts'),
  },
  {
    name: 'bench visualize',
    summary: 'serve a page with the numbers of a benchmark task, until Ctrl-C',
    arguments: [task],
    options: [{ flags: '--port <port>', meaning: 'port of 127.0.0.1 to serve on (default: a free one)' }],
    load: () => import('../../commands/bench/visualize.ts'),
  },
  {
    name: 'bench stop',
    summary: 'stop a benchmark task; its report is there then',
    arguments: [task],
    options: [...assume, ...waitOptions],
    load: () => import('../../commands/bench/stop.ts'),
  },
  {
    name: 'bench start',
    summary: 'run a benchmark task that is stopped once more',
    arguments: [task],
    options: [...assume, ...waitOptions, noPage],
    load: () => import('../../commands/bench/start.ts'),
  },
  {
    name: 'bench delete',
    summary: 'delete a benchmark task and its report',
    arguments: [task],
    options: [...assume, ...waitOptions],
    load: () => import('../../commands/bench/delete.ts'),
  },
  {
    name: 'bench report',
    summary: 'print the address of the report of a stopped benchmark task',
    arguments: [task],
    load: () => import('../../commands/bench/report.ts'),
  },
  {
    name: 'bench update',
    summary: 'change the pressure of a running benchmark task in mode manual',
    arguments: [task],
    options: [
      {
        flags: '-D, --define <path=value>',
        meaning: 'set one value: -Doptional.concurrency=4 -Doptional.agentCount=2',
        isRepeated: true,
      },
      ...waitOptions,
      dryRun,
    ],
    load: () => import('../../commands/bench/update.ts'),
  },
];
