import { benchmarkCommands } from './catalogue/benchmarks.ts';
import { assume, dataDir, dryRun, inner, service, waitOptions } from './catalogue/options.ts';
import { resourceCommands } from './catalogue/resources.ts';
import { scalingCommands } from './catalogue/scaling.ts';
import { shellCommands } from './catalogue/shell.ts';
import { upkeepCommands } from './catalogue/upkeep.ts';
import type { CommandSpec, OptionSpec } from './command.ts';

/** Every command of the program (eascmd.md 1.2; those of catalogue/upkeep.ts, `init`, `download`, `wait`, `predict`, `local`, `completion` and `help` are ours). */
export const catalogue: CommandSpec[] = [
  {
    name: 'config',
    summary: 'save credentials and endpoint (-i, -k, -e), or show where each value comes from',
    arguments: [['[show]', 'print the configuration in use instead of saving', ['show']]],
    load: () => import('../commands/config.ts'),
  },
  {
    name: 'init',
    summary: 'make a ready project of a processor: source, build, service.json, test request',
    arguments: [
      ['<language>', 'cpp, java or python'],
      ['[dir]', 'folder to make it in (default: <language>_processor)'],
    ],
    load: () => import('../commands/init.ts'),
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
    options: [
      {
        flags: '-r, --associated',
        meaning: 'create the associated (blue-green) service of an existing one; see release',
      },
      ...waitOptions,
      dryRun,
    ],
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
      { flags: '--diff', meaning: 'show which fields would change, change nothing' },
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
    name: 'deleteworkers',
    aliases: ['dw'],
    summary: 'restart instances of a service by deleting them; others take their place',
    arguments: [service, ['<instance_names>', 'names of instances, separated by commas']],
    options: assume,
    load: () => import('../commands/deleteworkers.ts'),
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
    name: 'release',
    summary: 'give an associated (blue-green) service a part of the traffic',
    arguments: [service],
    options: [
      { flags: '-w, --weight <percent>', meaning: 'part of the traffic for this service, 0 to 100' },
      ...assume,
    ],
    load: () => import('../commands/release.ts'),
  },
  {
    name: 'delete',
    summary: 'delete a service of the current region',
    arguments: [service],
    options: [...assume, ...waitOptions],
    load: () => import('../commands/delete.ts'),
  },
  ...scalingCommands,
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
      { flags: '-d, --data <text>', meaning: 'request body', mayBeEmpty: true },
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
    name: 'test',
    summary: 'run the processor of a service description on this machine, in a container or as a process',
    arguments: [
      ['<service_desc_json>', 'JSON file that describes the service; paths in it are relative to it'],
    ],
    options: [
      { flags: '--runtime <runtime>', meaning: 'docker (default where an engine answers) or process' },
      { flags: '--port <port>', meaning: 'port of this machine to serve on (default: a free one)' },
      {
        flags: '-d, --data <text>',
        meaning: 'send this body once it is ready, print the answer, and end with its verdict',
        isRepeated: true,
        mayBeEmpty: true,
      },
      { flags: '--request <file>', meaning: 'the same with the contents of a file', isRepeated: true },
      { flags: '--lines', meaning: 'each line of those files is a request of its own' },
      {
        flags: '--timeout <duration>',
        meaning: 'longest time for one answer (default: 60s)',
        isDuration: true,
      },
      { flags: '--watch', meaning: 'start again when the description, processor or model changes' },
      { flags: '--image <image>', meaning: 'image of the container (default: by type of processor)' },
      { flags: '--pull <policy>', meaning: 'missing (default), always or never: when to fetch the image' },
      { flags: '--gpus <gpus>', meaning: 'a count, all, or device numbers such as device=0,1' },
    ],
    load: () => import('../commands/test/command.ts'),
  },
  {
    name: 'dev',
    summary: 'serve a Python project on this machine and start it again when its files change',
    arguments: [['<dir>', 'folder made by pysdk init: app.json, app.py, ENV']],
    options: [
      { flags: '--port <port>', meaning: 'port to serve on (default: a free one, the same the next time)' },
      {
        flags: '--token <token>',
        meaning: "token that requests need (default: app.json's, or the folder's own)",
      },
      { flags: '--host <address>', meaning: 'address to listen on (default: 127.0.0.1)' },
    ],
    load: () => import('../commands/dev/command.ts'),
  },
  ...upkeepCommands,
  {
    name: 'pysdk init',
    summary: 'make a folder for a Python processor: environment, example and service description',
    arguments: [['<dir>', 'folder to make or to complete']],
    options: [
      { flags: '--python <version>', meaning: 'version of Python, e.g. 3.12 (default: asks)' },
      { flags: '--requirements <file>', meaning: 'packages to install, in the format of pip' },
      {
        flags: '--allspark <wheel>',
        meaning: 'file or URL of the official one, or "compatible" (default: official where it can be had)',
      },
      {
        flags: '--using <tool>',
        meaning: 'conda, mamba, micromamba, uv or copy (default: the first that works)',
      },
    ],
    load: () => import('../commands/pysdk/init.ts'),
  },
  {
    name: 'pysdk pack',
    summary: 'write <dir>.tar.gz, with an environment that runs from any folder',
    arguments: [['<dir>', 'folder made by pysdk init']],
    options: [{ flags: '-u, --upload', meaning: 'upload it and put its address into app.json' }],
    load: () => import('../commands/pysdk/pack.ts'),
  },
  ...resourceCommands,
  ...benchmarkCommands,
  {
    name: 'local start',
    summary: 'start Local EAS in the background',
    options: [
      { flags: '--port <n>', meaning: 'port of API and gateway, 0 picks one (default: 18500)' },
      { flags: '--object-port <n>', meaning: 'port of the object store, 0 picks one (default: 18501)' },
      { flags: '--bind <address>', meaning: 'address to listen on (default: 127.0.0.1)' },
      { flags: '--python <file>', meaning: 'interpreter for Python processors without an ENV' },
      { flags: '--runtime <runtime>', meaning: 'process (default) or docker: each instance in a container' },
      { flags: '--image <image>', meaning: 'image of the containers (default: by type of processor)' },
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
  ...shellCommands,
];

/** Understood before and after the command. */
export const globalOptions: OptionSpec[] = [
  { flags: '-c, --config <file>', meaning: 'configuration file instead of ~/.eas/config' },
  { flags: '-i, --access-key-id <id>', meaning: 'AccessKey ID' },
  { flags: '-k, --access-key-secret <secret>', meaning: 'AccessKey secret' },
  { flags: '-e, --endpoint <endpoint>', meaning: 'a host, a URL, a region id, or "local"' },
  { flags: '-t, --sts-token <token>', meaning: 'STS security token', mayBeEmpty: true },
  { flags: '-o, --output <format>', meaning: 'text or json', values: ['text', 'json'] },
  { flags: '--no-color', meaning: 'no colour and no spinner' },
  { flags: '--debug', meaning: 'trace requests and errors on stderr' },
];
