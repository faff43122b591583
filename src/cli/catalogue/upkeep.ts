import type { CommandSpec, OptionSpec } from '../command.ts';
import { dryRun, service, waitOptions } from './options.ts';

const since: OptionSpec = {
  flags: '--since <when>',
  meaning: 'only from then on: 10m ago, or a time such as "2026-11-22 16:30:00"',
};

/** What the vendor's tool has no command for, although the API has the operation (eascmd.md 1.2). */
export const upkeepCommands: CommandSpec[] = [
  {
    name: 'restart',
    summary: 'replace all instances of a service by new ones, without a gap in traffic',
    arguments: [service],
    options: waitOptions,
    load: () => import('../../commands/restart.ts'),
  },
  {
    name: 'scale',
    summary: 'change the number of instances; those that run are not touched',
    arguments: [service, ['<instances>', 'number of instances the service shall have']],
    options: [...waitOptions, dryRun],
    load: () => import('../../commands/scale.ts'),
  },
  {
    name: 'clone',
    summary: 'create a service from the description of another one',
    arguments: [service, ['[new_name]', 'name of the new service']],
    options: [
      {
        flags: '-s, --source <file>',
        meaning: 'JSON file with the fields that differ; "name" is the new name',
      },
      ...waitOptions,
      dryRun,
    ],
    load: () => import('../../commands/clone.ts'),
  },
  {
    name: 'logs',
    summary: 'print the log of a service',
    arguments: [service],
    options: [
      { flags: '-f, --follow', meaning: 'go on until Ctrl-C, also over a lost connection' },
      since,
      { flags: '--instance <name>', meaning: 'only this instance' },
      { flags: '--previous', meaning: 'from before the last restart' },
      { flags: '--keyword <text>', meaning: 'only lines that hold this text' },
      { flags: '-n, --tail <n>', meaning: 'number of lines (default: 500)' },
    ],
    load: () => import('../../commands/logs.ts'),
  },
  {
    name: 'events',
    summary: 'print what happened to a service',
    arguments: [service],
    options: [
      { flags: '-f, --follow', meaning: 'go on until Ctrl-C, one line for each event' },
      since,
      { flags: '--type <type>', meaning: 'Normal or Warning', values: ['Normal', 'Warning'] },
    ],
    load: () => import('../../commands/events.ts'),
  },
  {
    name: 'endpoints',
    summary: 'list the addresses of a service and its token',
    arguments: [service],
    load: () => import('../../commands/endpoints.ts'),
  },
  {
    name: 'versions',
    summary: 'list the versions of a service',
    arguments: [service],
    load: () => import('../../commands/versions.ts'),
  },
  {
    name: 'labels',
    summary: 'show, set or remove the labels of a service',
    arguments: [
      service,
      ['[action]', 'set or rm; without it the labels are shown', ['set', 'rm']],
      ['[labels...]', 'key=value for set, keys for rm'],
    ],
    load: () => import('../../commands/labels.ts'),
  },
  {
    name: 'lock',
    summary: 'protect a service: against every change, against delete and stop, or not at all',
    arguments: [service, ['<lock>', 'all, dangerous or none', ['all', 'dangerous', 'none']]],
    load: () => import('../../commands/lock.ts'),
  },
  {
    name: 'regions',
    summary: 'list the regions of EAS',
    load: () => import('../../commands/regions.ts'),
  },
];
