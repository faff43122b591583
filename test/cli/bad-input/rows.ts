/** One line that has to be refused. */
export interface Row {
  argv: string[];
  /** Parts of what is said. */
  says: string[];
  /** Code of the API's answer, for what does not exist there; everything else is refused before anything is sent. */
  absent?: string;
  /** Exit code; 2 unless told otherwise (1 for `absent`). */
  code?: number;
  /** The command works with the program's own settings, and sends nothing anyway. */
  isWhole?: boolean;
  /** Says what it begins on stdout first, as the manual has it. */
  isChatty?: boolean;
}

/** By command and argument; `anything goes` where no value is wrong by itself. */
export type Rows = Record<string, Row[] | 'anything goes'>;

const line = (text: string, ...says: string[]): Row => ({ argv: text.split(' '), says });
const whole = (text: string, ...says: string[]): Row => ({ ...line(text, ...says), isWhole: true });
const unknownService = (text: string): Row => ({
  argv: text.split(' '),
  says: ['InvalidService.NotFound'],
  absent: 'InvalidService.NotFound',
});
const unknownResource = (text: string): Row => ({
  argv: text.split(' '),
  says: ['InvalidResource.NotFound'],
  absent: 'InvalidResource.NotFound',
});
const unknownTask = (text: string): Row => ({
  argv: text.split(' '),
  says: ['InvalidBenchmarkTask.NotFound'],
  absent: 'InvalidBenchmarkTask.NotFound',
});
const durations = (start: string): Row[] =>
  ['soon', '-5s', '5 s', '5x'].map((value) => ({
    argv: [...start.split(' '), '--timeout', value],
    says: [`--timeout "${value}" is not a duration`, '30s'],
  }));
const noFile = (text: string, file: string): Row => line(text, `Can't read ${file}: there is no such file`);

export const rows: Rows = {
  'config [show]': [
    line('config shwo', 'config knows no "shwo"', 'config show'),
    line('config -i LTAI', 'The AccessKey secret is missing (-k)', 'save both'),
    line('config -k secret -e cn-shanghai', 'The AccessKey ID is missing (-i)', 'save both'),
    line('config -e cn-shangai', 'unknown region "cn-shangai"', 'cn-shanghai'),
  ],
  'init <language>': [
    line('init pyton', 'There is no template for "pyton"', 'eascmd init python'),
    line('init rust', 'it is cpp, java or python'),
  ],
  'init [dir]': [{ ...line('init python good.json', 'good.json'), code: 1 }],
  'upload <filename...>': [noFile('upload nothing.tar.gz', 'nothing.tar.gz')],
  'upload --to': [
    whole(
      'upload good.json --to http://x/y',
      '--to "http://x/y" is not a place in the object store',
      'oss://',
    ),
    whole('upload good.json --to oss://', 'names no valid bucket'),
    whole('upload good.json --to oss://B_A_D/x', 'oss://B_A_D/x'),
  ],
  'download <oss_url>': [
    line('download http://nowhere/x', 'http://nowhere/x'),
    line('download oss://bucket/folder/', 'is not one object'),
  ],
  'download [file]': 'anything goes',
  'list [oss_url]': [line('ls extra', 'extra')],
  'resource desc <resource_id>': [unknownResource('resource desc nobody')],
  'resource list_instance <resource_id>': [unknownResource('resource li nobody')],
  'resource network <resource_id>': [unknownResource('resource network nobody -s network.json')],
  'resource network --source': [
    line('resource network eas-r-1', 'What is to become of the network', '-s network.json'),
    noFile('resource network eas-r-1 -s nothing.json', 'nothing.json'),
    line('resource network eas-r-1 -s cidr.json', '10.1.0.0/16', 'overlaps'),
    line('resource network eas-r-1 -s action.json', 'creat', 'create'),
  ],
  'create <service_desc_json>': [
    noFile('create nothing.json', 'nothing.json'),
    line('create .', "Can't read .", 'folder'),
    line('create list.json', 'list.json:1:1'),
    line('create far.json', 'far.json:1:', 'metadata.instance'),
    line('create typed.json', 'typed.json:1:', 'metadata.instance'),
    line('create slip.json', 'instnace', 'Did you mean', 'instance'),
    line('create -', 'stdin:1:1: the file is empty'),
  ],
  'create --timeout': durations('create good.json'),
  'modify <service_name>': [
    unknownService('modify nobody -Dmetadata.instance=2'),
    line('modify echo -s other.json', '[other]', '[echo]'),
  ],
  'modify --define': [
    line('modify echo -Dmetadata.instance', '"=" is missing'),
    line('modify echo -D=2', '-D'),
    line('modify echo -Dmetadata.instances=2', 'metadata.instances', 'instance'),
    line('modify echo -Dmetadata.instance=-1', 'metadata.instance'),
    line('modify echo -Dmetadata.instance=two', 'metadata.instance'),
  ],
  'modify --source': [
    noFile('modify echo -s nothing.json', 'nothing.json'),
    line('modify echo -s list.json', 'list.json:1:1'),
    line('modify echo -s slip.json', 'instnace', 'instance'),
  ],
  'modify --timeout': durations('modify echo -Dmetadata.instance=2'),
  'desc <service_name>': [unknownService('desc nobody')],
  'showworkers <service_name>': [unknownService('w nobody')],
  'deleteworkers <service_name>': [unknownService('dw nobody a -y')],
  'deleteworkers <instance_names>': [
    line('dw echo , -y', 'instance'),
    {
      argv: ['dw', 'echo', 'nobody', '-y'],
      says: ['InvalidInstance.NotFound'],
      absent: 'InvalidInstance.NotFound',
    },
  ],
  'start <service_name>': [unknownService('start nobody')],
  'start --timeout': durations('start echo'),
  'stop <service_name>': [unknownService('stop nobody')],
  'stop --timeout': durations('stop echo'),
  'version <service_name>': [unknownService('version nobody 1'), unknownService('version -f nobody 1')],
  'version <version_id>': ['0', '-1', '1.5', 'latest', '99999999999'].map((value) =>
    value === '-1'
      ? { argv: ['version', 'echo', '--', '-1'], says: ['<version_id> "-1" is not a whole number'] }
      : line(`version echo ${value}`, `<version_id> "${value}" is not a whole number`),
  ),
  'version --timeout': durations('version echo 1'),
  'release <service_name>': [unknownService('release nobody -w 20 -y')],
  'release --weight': [
    line('release echo -y', '-w'),
    ...['101', '-1', '20%', 'half', '0.5'].map((value) => line(`release echo -y --weight=${value}`, value)),
  ],
  'delete <service_name>': [unknownService('delete nobody -y')],
  'delete --timeout': durations('delete echo -y'),
  'autoscale <service_name>': [
    unknownService('autoscale nobody -Dmin=1 -Dmax=2 -Dstrategies.qps=1'),
    line('autoscale cn-beijing/echo -Dmin=1 -Dmax=2 -Dstrategies.qps=1', 'cn-beijing'),
  ],
  'autoscale [service]': [unknownService('autoscale rm nobody'), line('autoscale rm', 'rm')],
  'autoscale --define': [
    line('autoscale echo -Dmin', '"=" is missing'),
    line('autoscale echo -Dmin=5 -Dmax=2 -Dstrategies.qps=1', 'min', 'max'),
    line('autoscale echo -Dmin=1 -Dmax=2 -Dstrategies.qsp=1', 'qsp', 'qps'),
    line('autoscale echo -Dmin=1 -Dmax=2 -Dstrategies.qps=many', 'qps'),
    line('autoscale echo -Dmin=-1 -Dmax=2 -Dstrategies.qps=1', 'min'),
  ],
  'autoscale --source': [
    noFile('autoscale echo -s nothing.json', 'nothing.json'),
    line('autoscale echo -s minmax.json', 'min', 'max'),
    line('autoscale echo -s metric.json', 'qsp', 'qps'),
    line('autoscale echo -s list.json', 'list.json'),
  ],
  'cronscale <service_name>': [unknownService('cronscale nobody')],
  'cronscale [service]': [unknownService('cronscale rm nobody'), line('cronscale rm', 'rm')],
  'cronscale --source': [
    noFile('cronscale echo -s nothing.json', 'nothing.json'),
    line('cronscale echo -s cron.json', '0 0 25 * * *', 'hour'),
    line('cronscale echo -s job.json', 'Shedule', 'Schedule'),
    line('cronscale echo -s list.json', 'list.json'),
  ],
  'wait <service_name>': [unknownService('wait nobody')],
  'wait --timeout': durations('wait echo'),
  'predict <service_name>': [unknownService('predict nobody -d x')],
  'predict --data': [line('predict echo -d x -f good.json', '-d and -f were both given')],
  'predict --file': [noFile('predict echo -f nothing.bin', 'nothing.bin')],
  'predict --concurrency': [
    line('predict echo -d x --concurrency 2', '--concurrency is for --lines'),
    ...['0', 'many', '1001', '1.5'].map((value) =>
      line(
        `predict echo -d x --lines --concurrency ${value}`,
        `--concurrency "${value}" is not a whole number`,
      ),
    ),
  ],
  'predict --timeout': durations('predict echo -d x'),
  'test <service_desc_json>': [
    noFile('test nothing.json', 'nothing.json'),
    line('test list.json', 'list.json:1:1'),
    line('test slip.json', 'instnace', 'instance'),
  ],
  'test --runtime': [whole('test good.json --runtime podman', 'podman', 'docker')],
  'test --port': ['70000', '-1', 'http'].map((value) =>
    whole(`test good.json --port=${value}`, `--port "${value}" is not a whole number`),
  ),
  'test --data': 'anything goes',
  'test --request': [noFile('test good.json --request nothing.bin', 'nothing.bin')],
  'test --timeout': durations('test good.json'),
  'test --image': 'anything goes',
  'test --pull': [whole('test good.json --pull sometimes', 'sometimes', 'missing')],
  'test --gpus': [whole('test good.json --gpus none-of-them', 'none-of-them')],
  'restart <service_name>': [unknownService('restart nobody')],
  'restart --timeout': durations('restart echo'),
  'scale <service_name>': [unknownService('scale nobody 2')],
  'scale <instances>': ['two', '1.5', '99999999999'].map((value) =>
    line(`scale echo ${value}`, `<instances> "${value}" is not a whole number`),
  ),
  'scale --timeout': durations('scale echo 2'),
  'clone <service_name>': [unknownService('clone nobody copy')],
  'clone [new_name]': [
    line('clone echo', 'needs a name', 'eascmd clone echo <new_name>'),
    line('clone echo echo', "can't be cloned to its own name"),
    line('clone echo Bad-Name', 'Bad-Name', 'bad_name'),
  ],
  'clone --source': [
    noFile('clone echo copy -s nothing.json', 'nothing.json'),
    line('clone echo copy -s other.json', '[copy]', '[other]'),
    line('clone echo -s slip.json', 'instnace', 'instance'),
  ],
  'clone --timeout': durations('clone echo copy'),
  'logs <service_name>': [unknownService('logs nobody')],
  'logs --since': [
    line('logs echo --since yesterday', '--since "yesterday" is neither a duration nor a time', '10m'),
    line('logs echo --since 2026-13-01', '--since "2026-13-01"'),
  ],
  'logs --instance': [
    {
      argv: ['logs', 'echo', '--instance', 'nobody'],
      says: ['InvalidInstance.NotFound'],
      absent: 'InvalidInstance.NotFound',
    },
  ],
  'logs --keyword': 'anything goes',
  'logs --tail': ['many', '1.5', '10001'].map((value) =>
    line(`logs echo --tail ${value}`, `--tail "${value}" is not a whole number`),
  ),
  'events <service_name>': [unknownService('events nobody')],
  'events --since': [line('events echo --since yesterday', '--since "yesterday" is neither')],
  'events --type': [line('events echo --type Worning', '--type "Worning" is unknown', 'Normal or Warning')],
  'endpoints <service_name>': [unknownService('endpoints nobody')],
  'versions <service_name>': [unknownService('versions nobody')],
  'labels <service_name>': [unknownService('labels nobody')],
  'labels [action]': [line('labels echo sett a=b', 'labels knows no "sett"', 'set')],
  'labels [labels...]': [
    line('labels echo set', 'Which labels?'),
    line('labels echo set team', '"team" is not <key>=<value>'),
    line('labels echo set a=1 a=2', 'The label a is given twice'),
    line('labels echo rm a=1', 'rm takes keys'),
  ],
  'lock <service_name>': [unknownService('lock nobody all')],
  'lock <lock>': [line('lock echo dangrous', '"dangrous" is no lock', 'dangerous')],
  'pysdk init <dir>': [whole('pysdk init good.json --python 3.11', 'good.json')],
  'pysdk init --python': [whole('pysdk init demo --python three', 'three')],
  'pysdk init --requirements': [noFile('pysdk init demo --requirements nothing.txt', 'nothing.txt')],
  'pysdk init --allspark': [noFile('pysdk init demo --allspark nothing.whl', 'nothing.whl')],
  'pysdk init --using': [whole('pysdk init demo --using poetry', 'poetry', 'conda')],
  'pysdk pack <dir>': [{ ...whole('pysdk pack nowhere', 'nowhere'), isChatty: true }],
  'dev <dir>': [{ ...whole('dev nowhere', 'nowhere'), isChatty: true }],
  'dev --port': ['70000', 'http'].map((value) =>
    whole(`dev nowhere --port=${value}`, `--port "${value}" is not a whole number`),
  ),
  'dev --token': 'anything goes',
  'dev --host': 'anything goes',
  'bench create <bench_desc_json>': [
    noFile('bench create nothing.json', 'nothing.json'),
    line('bench create list.json', 'list.json:1:1'),
    line('bench create bench-slip.json', 'concurency', 'Did you mean "concurrency"?'),
    line('bench create bench-far.json', 'bench-far.json:1:', 'optional.duration', 'from 1 to 1200'),
    line('bench create bench-typed.json', 'bench-typed.json:1:', 'optional.mode', '"manual"'),
    line('bench create bench-path.json', 'requests.bin is a path of this machine', 'upload'),
    unknownService('bench create bench.json'),
  ],
  'bench create --timeout': durations('bench create bench.json'),
  'bench desc <task>': [unknownTask('bench desc nobody')],
  'bench visualize <task>': [unknownTask('bench visualize nobody')],
  'bench visualize --port': ['70000', 'http'].map((value) =>
    line(`bench visualize task --port=${value}`, `--port "${value}" is not a whole number`),
  ),
  'bench stop <task>': [unknownTask('bench stop nobody -y')],
  'bench stop --timeout': durations('bench stop task -y'),
  'bench start <task>': [unknownTask('bench start nobody -y')],
  'bench start --timeout': durations('bench start task -y'),
  'bench delete <task>': [unknownTask('bench delete nobody -y')],
  'bench delete --timeout': durations('bench delete task -y'),
  'bench report <task>': [unknownTask('bench report nobody')],
  'bench update <task>': [
    unknownTask('bench update nobody -Doptional.concurrency=2'),
    line('bench update task', 'What is to change', '-Doptional.concurrency=4'),
  ],
  'bench update --define': [
    line('bench update task -Doptional.concurrency', '"=" is missing'),
    line('bench update task -Doptional.concurency=2', 'Did you mean "optional.concurrency"?'),
    line('bench update task -Doptional.concurrency=0', 'optional.concurrency must be a whole number'),
    line('bench update task -Doptional.agentCount=two', 'not "two"'),
    line('bench update task -Doptional.mode=scan', "can't be changed while a task runs"),
  ],
  'bench update --timeout': durations('bench update task -Doptional.concurrency=2'),
  'local start --port': ['70000', '-1', 'http'].map((value) =>
    whole(`local start --port=${value}`, `--port "${value}" is not a whole number`, '65535'),
  ),
  'local start --object-port': ['70000', '-1', 'http'].map((value) =>
    whole(`local start --object-port=${value}`, `--object-port "${value}" is not a whole number`),
  ),
  'local start --bind': [whole('local start --bind nowhere', '--bind', 'nowhere')],
  'local start --python': [whole('local start --python /nowhere/python3', '--python', '/nowhere/python3')],
  'local start --runtime': [
    whole('local start --runtime podman', '"podman" is unknown', 'docker or process'),
  ],
  'local start --image': [whole('local start --image mine', '--image is for --runtime docker')],
  'local start --data-dir': [{ ...whole('local start --data-dir good.json', '--data-dir'), code: 1 }],
  'local stop --data-dir': 'anything goes',
  'local status --data-dir': [{ ...line('local status --data-dir never', 'is not running'), code: 1 }],
  'local logs --data-dir': [{ ...line('local logs --data-dir never', 'has no log'), code: 1 }],
  'local reset --data-dir': [whole('local reset --data-dir never', 'was not answered')],
  'completion <shell>': [line('completion bsh', 'bsh', 'bash')],
  'help [command...]': [line('help creat', "Unknown command 'creat'", 'create')],
};
