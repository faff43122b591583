import type { OptionSpec } from '../command.ts';

export const service: [string, string] = ['<service_name>', 'name of the service'];

export const waitOptions: OptionSpec[] = [
  { flags: '--no-wait', meaning: 'return as soon as the request is accepted' },
  {
    flags: '--timeout <duration>',
    meaning: 'longest time to wait, e.g. 30s or 5m (default: 30m)',
    isDuration: true,
  },
];
export const dryRun: OptionSpec = {
  flags: '--dry-run',
  meaning: 'print the request that would go out, send nothing',
};
export const assume: OptionSpec[] = [
  { flags: '-y, --yes', meaning: 'answer the question with Y' },
  { flags: '-f, --force', meaning: 'the same as --yes' },
];
export const dataDir: OptionSpec = {
  flags: '--data-dir <dir>',
  meaning: 'where Local EAS keeps its state (default: ~/.eas/local)',
};
export const inner: OptionSpec = {
  flags: '--inner',
  meaning: 'use the internal endpoint of the object store (inside DSW)',
};
