import type { CommandSpec, OptionSpec } from './command.ts';

const service: [string, string] = ['<service_name>', 'name of the service'];

const waitOptions: OptionSpec[] = [
  { flags: '--no-wait', meaning: 'return as soon as the request is accepted' },
  {
    flags: '--timeout <duration>',
    meaning: 'longest time to wait, e.g. 30s or 5m (default: 30m)',
    isDuration: true,
  },
];
const dryRun: OptionSpec = {
  flags: '--dry-run',
  meaning: 'print the request that would go out, send nothing',
};
const assume: OptionSpec[] = [
  { flags: '-y, --yes', meaning: 'answer the question with Y' },
  { flags: '-f, --force', meaning: 'the same as --yes' },
];
const inner: OptionSpec = {
  flags: '--inner',
  meaning: 'use the internal endpoint of the object store (inside DSW)',
};
const dataDir: OptionSpec = {
  flags: '--data-dir <dir>',
  meaning: 'where Local EAS keeps its state (default: ~/.eas/local)',
};

/** Every command of the program (eascmd.md 1.2; `wait`, `predict`, `logs`, `events`, `local`, `download` are ours). */
export const catalogue: CommandSpec[] = [
  {
    name: 'config',
    summary: 'save credentials and endpoint (-i, -k, -e), or show where each value comes from',
    arguments: [['[show]', 'print the configuration in use instead of saving']],
    load: () => import('../commands/config.ts'),
  },
  {
    name: 'upload',
    summary: 'upload files and folders to the object store; run it again to go on after an interruption',
    arguments: [['<filename...>', 'files, folders or patterns such as "*.tar.gz"']],
    options: [
      inner,
      { flags: '--to <oss_url>', meaning: 'where to: oss://<bucket>/<prefix>' },
      { flags: '--keep', meaning: 'keep the folders of absolute paths, too, in the names of the objects' },
    ],
    load: () => import('../commands/upload.ts'),
  },
  {
    name: 'download',
    summary: 'download an object; run it again to go on after an interruption',
    arguments: [
      ['<oss_url>', 'oss://<bucket>/<path>'],
      ['[file]', 'file or folder to write to (default: the current folder)'],
    ],
    options: [inner, { flags: '-f, --force', meaning: 'replace a file that has other content' }],
    load: () => import('../commands/download.ts'),
  },
  {
    name: 'create',
    summary: 'create a service from a JSON description and wait until it runs',
    arguments: [['<service_desc_json>', 'JSON file that describes the service']],
    options: [...waitOptions, dryRun],
    load: () => import('../commands/create.ts'),
  },
  {
    name: 'modify',
    aliases: ['update'],
    summary: 'change a service: scale it, change its configuration, or add a version',
    arguments: [service],
    options: [
      {
        flags: '-D, --define <path=value>',
        meaning: 'set one attribute: -Dmetadata.instance=2',
        isRepeated: true,
      },
      { flags: '-s, --source <file>', meaning: 'JSON file with the fields to change' },
      ...waitOptions,
      dryRun,
    ],
    load: () => import('../commands/modify.ts'),
  },
  {
    name: 'list',
    aliases: ['ls'],
    summary: 'list the services of the region, or what is below oss://<bucket>/<prefix>',
    arguments: [['[oss_url]', 'place in the object store; oss:// lists the buckets']],
    options: [{ flags: '-r, --recursive', meaning: 'objects below further slashes, too' }, inner],
    load: () => import('../commands/list.ts'),
  },
  {
    name: 'desc',
    summary: 'show everything about a service',
    arguments: [service],
    load: () => import('../commands/desc.ts'),
  },
  {
    name: 'showworkers',
    aliases: ['w'],
    summary: 'list the instances of a service',
    arguments: [service],
    load: () => import('../commands/showworkers.ts'),
  },
  {
    name: 'start',
    summary: 'start a stopped service',
    arguments: [service],
    options: waitOptions,
    load: () => import('../commands/start.ts'),
  },
  {
    name: 'stop',
    summary: 'stop a service',
    arguments: [service],
    options: waitOptions,
    load: () => import('../commands/stop.ts'),
  },
  {
    name: 'version',
    summary: 'switch a service to another of its versions',
    arguments: [service, ['<version_id>', 'version to switch to']],
    options: [
      {
        flags: '-f, --force',
        meaning: 'send the switch without checking first, also to the current version',
      },
      ...waitOptions,
    ],
    load: () => import('../commands/version.ts'),
  },
  {
    name: 'delete',
    summary: 'delete a service of the current region',
    arguments: [service],
    options: [...assume, ...waitOptions],
    load: () => import('../commands/delete.ts'),
  },
  {
    name: 'wait',
    summary: 'watch a service until it runs, stops, fails or is gone',
    arguments: [service],
    options: [waitOptions[1]!],
    load: () => import('../commands/wait.ts'),
  },
  {
    name: 'predict',
    summary: 'send data to a service and print the answer as it is',
    arguments: [service],
    options: [
      { flags: '-d, --data <text>', meaning: 'request body' },
      { flags: '-f, --file <file>', meaning: 'file with the request body (default: stdin)' },
      { flags: '--lines', meaning: 'one request per input line, one answer per output line, in order' },
      { flags: '--concurrency <n>', meaning: 'requests in flight with --lines (default: 1)' },
      {
        flags: '--timeout <duration>',
        meaning: 'longest time for one answer (default: 60s)',
        isDuration: true,
      },
    ],
    load: () => import('../commands/predict.ts'),
  },
  {
    name: 'logs',
    summary: 'print the log of a service',
    arguments: [service],
    options: [
      { flags: '--instance <name>', meaning: 'only this instance' },
      { flags: '--previous', meaning: 'from before the last restart' },
      { flags: '-n, --tail <n>', meaning: 'number of lines (default: 500)' },
    ],
    load: () => import('../commands/logs.ts'),
  },
  {
    name: 'events',
    summary: 'print what happened to a service',
    arguments: [service],
    load: () => import('../commands/events.ts'),
  },
  {
    name: 'local start',
    summary: 'start Local EAS in the background',
    options: [
      { flags: '--port <n>', meaning: 'port of API and gateway, 0 picks one (default: 18500)' },
      { flags: '--object-port <n>', meaning: 'port of the object store, 0 picks one (default: 18501)' },
      { flags: '--bind <address>', meaning: 'address to listen on (default: 127.0.0.1)' },
      { flags: '--python <file>', meaning: 'interpreter for Python processors without an ENV' },
      dataDir,
    ],
    load: () => import('../commands/local/start.ts'),
  },
  {
    name: 'local stop',
    summary: 'stop Local EAS and its instances; the state is kept',
    options: [dataDir],
    load: () => import('../commands/local/stop.ts'),
  },
  {
    name: 'local status',
    summary: 'show the addresses, process and data of Local EAS',
    options: [dataDir],
    load: () => import('../commands/local/status.ts'),
  },
  {
    name: 'local logs',
    summary: 'print the log of Local EAS',
    options: [{ flags: '-f, --follow', meaning: 'go on until Ctrl-C' }, dataDir],
    load: () => import('../commands/local/logs.ts'),
  },
  {
    name: 'local reset',
    summary: 'stop Local EAS and remove its services, objects and logs',
    options: [...assume, dataDir],
    load: () => import('../commands/local/reset.ts'),
  },
];

/** Understood before and after the command. */
export const globalOptions: OptionSpec[] = [
  { flags: '-c, --config <file>', meaning: 'configuration file instead of ~/.eas/config' },
  { flags: '-i, --access-key-id <id>', meaning: 'AccessKey ID' },
  { flags: '-k, --access-key-secret <secret>', meaning: 'AccessKey secret' },
  { flags: '-e, --endpoint <endpoint>', meaning: 'a host, a URL, a region id, or "local"' },
  { flags: '-t, --sts-token <token>', meaning: 'STS security token' },
  { flags: '-o, --output <format>', meaning: 'text or json' },
  { flags: '--no-color', meaning: 'no colour and no spinner' },
  { flags: '--debug', meaning: 'trace requests and errors on stderr' },
];
