import type { CommandSpec } from '../command.ts';

const scaled: [string, string][] = [
  ['<service_name>', '[region/]name of the service; "rm" before it removes the scaler'],
  ['[service]', 'the service, after "rm"'],
];

/** Scaling by load and by schedule (eascmd.md 3.7). */
export const scalingCommands: CommandSpec[] = [
  {
    name: 'autoscale',
    summary: 'scale a service by its load: set with -D or -s, show, or rm',
    arguments: scaled,
    options: [
      {
        flags: '-D, --define <path=value>',
        meaning: 'set one attribute: -Dmin=1 -Dmax=5 -Dstrategies.qps=10',
        isRepeated: true,
      },
      { flags: '-s, --source <file>', meaning: 'JSON file with min, max, strategies, behavior' },
    ],
    load: () => import('../../commands/autoscale.ts'),
  },
  {
    name: 'cronscale',
    summary: 'scale a service by schedule: set with -s, show, or rm',
    arguments: scaled,
    options: [{ flags: '-s, --source <file>', meaning: 'JSON file with ScaleJobs and ExcludeDates' }],
    load: () => import('../../commands/cronscale.ts'),
  },
];
