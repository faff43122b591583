/** Lines of a shell, each with what it is for; test/unit/help.test.ts reads every one as the program would. */
export const examples: Record<string, [line: string, meaning: string][]> = {
  config: [
    ['eascmd config -i LTAI4example -k 8Qexample -e cn-shanghai', 'save keys and the region'],
    ['eascmd config show', 'where does each value come from?'],
  ],
  init: [
    ['eascmd init python', 'a project in ./python_processor'],
    ['eascmd init cpp ./echo', 'one in C++, in a folder of that name'],
  ],
  upload: [
    ['eascmd upload savedmodel_example.tar.gz', 'put a model package into the object store'],
    ['eascmd upload saved_model.zip --inner', 'the same from inside DSW'],
    [
      'eascmd upload model/ processor.tar.gz --to oss://my-bucket/v2',
      'a folder and a file into a bucket of yours',
    ],
  ],
  download: [
    ['eascmd download oss://my-bucket/v2/processor.tar.gz', 'into the current folder'],
    ['eascmd download oss://my-bucket/v2/processor.tar.gz old.tar.gz -f', 'into a file, whatever it holds'],
  ],
  create: [
    ['eascmd create service.json', 'create the service and wait until it runs'],
    ['eascmd create service.json -r', 'its blue-green twin, for eascmd release'],
    ['eascmd -e local create service.json --timeout 5m', 'on this machine, waiting five minutes at most'],
  ],
  modify: [
    ['eascmd modify echo -Dmetadata.instance=2', 'two instances; those that run are not touched'],
    ['eascmd modify echo -s service-v2.json', 'a new version, which becomes the current one'],
    ['eascmd modify echo -s service-v2.json --diff', 'what would change?'],
  ],
  list: [
    ['eascmd ls', 'the services of the configured region'],
    ['eascmd -e cn-beijing ls -o json', 'those of another region, for a script'],
    ['eascmd ls oss://my-bucket/v2/', 'what was uploaded there'],
  ],
  desc: [
    ['eascmd desc echo', 'everything about a service'],
    ['eascmd desc echo -o json', 'the same, for a script'],
  ],
  showworkers: [
    ['eascmd w echo', 'its instances'],
    ['eascmd -e local showworkers echo', 'those of a service on this machine'],
  ],
  start: [
    ['eascmd start echo', 'start a stopped service and wait until it runs'],
    ['eascmd start echo --no-wait', 'only ask for it'],
  ],
  stop: [
    ['eascmd stop echo', 'stop it; its description and versions stay'],
    ['eascmd stop echo --timeout 2m', 'wait two minutes at most'],
  ],
  version: [
    ['eascmd version echo 1', 'back to version 1'],
    ['eascmd version -f echo 1', 'the same in a scheduled roll-back, without a check first'],
  ],
  'resource list': [
    ['eascmd resource ls', 'all groups of the region'],
    ['eascmd -e local resource ls', 'this machine, and groups described in resources.json'],
  ],
  'resource desc': [
    ['eascmd resource desc eas-r-lzo32vrdbtukr7te3i', 'one group and its network'],
    ['eascmd resource desc eas-r-lzo32vrdbtukr7te3i -o json', 'the answer of the API'],
  ],
  'resource list_instance': [
    ['eascmd resource li eas-r-lzo32vrdbtukr7te3i', 'its machines, total and used'],
    ['eascmd -e local resource li eas-r-local', 'what services use of this machine'],
  ],
  'resource network': [
    [
      'eascmd resource network eas-r-lzo32vrdbtukr7te3i -s network.json',
      '{"Action": "create", "VSwitchId": …}',
    ],
    [
      'echo \'{"Action": "delete"}\' | eascmd resource network eas-r-lzo32vrdbtukr7te3i -s -',
      'disconnects it',
    ],
  ],
  delete: [
    ['eascmd delete echo', 'asks first'],
    ['echo Y | eascmd delete echo', 'in a script, as the manual has it'],
    ['eascmd delete echo --yes', 'in a script'],
  ],
  deleteworkers: [
    ['eascmd dw echo echo-69cf5dd6c7-5xk2p', 'replace one instance; asks first'],
    ['eascmd deleteworkers echo echo-69cf5dd6c7-5xk2p,echo-69cf5dd6c7-9bqzt --yes', 'two, without asking'],
  ],
  release: [
    ['eascmd release echo_9c16a222 -w 20', 'a fifth of the traffic for the new side; asks first'],
    ['eascmd release echo_9c16a222 -w 100 --yes', 'all of it, without asking'],
  ],
  autoscale: [
    [
      'eascmd autoscale echo -Dmin=1 -Dmax=5 -Dstrategies.qps=10',
      'between one and five instances, ten requests a second for each',
    ],
    ['eascmd autoscale echo', 'shows what is set and measured'],
    ['eascmd autoscale rm echo', 'ends it; the instances stay'],
  ],
  cronscale: [
    ['eascmd cronscale echo -s cronscale.json', 'ScaleJobs with 6-field schedules: "0 30 9 * * 1-5"'],
    ['eascmd cronscale rm echo', 'ends it'],
  ],
  wait: [
    ['eascmd wait echo', 'until it runs, is stopped, has failed or is gone'],
    ['eascmd wait echo --timeout 90s', 'exit code 8 when that was not enough'],
  ],
  predict: [
    [`eascmd predict echo -d '{"x": 1}'`, 'one request'],
    ['eascmd predict echo --lines --concurrency 8 < requests.jsonl', 'one request for each line'],
  ],
  test: [
    [`eascmd test service.json -d '{"x": 1}'`, 'run the processor, send one request, end'],
    ['eascmd test service.json --runtime process --watch', 'serve it here, again after every change'],
  ],
  dev: [
    ['eascmd dev ./demo', 'serve the project; an edit is live as soon as it is saved'],
    ['eascmd dev ./demo --port 8080 --token secret', 'where and how a client expects it'],
  ],
  'pysdk init': [
    ['eascmd pysdk init ./demo', 'a folder with environment, example and description'],
    ['eascmd pysdk init ./demo --python 3.12 --requirements requirements.txt', 'asking nothing'],
  ],
  'pysdk pack': [
    ['eascmd pysdk pack ./demo', 'writes demo.tar.gz beside it'],
    ['eascmd pysdk pack -u ./demo', 'and uploads it'],
  ],
  restart: [
    ['eascmd restart echo', 'new instances take over, then the old ones end'],
    ['eascmd restart echo --no-wait', 'only ask for it'],
  ],
  scale: [
    ['eascmd scale echo 3', 'three instances'],
    ['eascmd scale echo 0 --dry-run', 'show the request, send nothing'],
  ],
  clone: [
    ['eascmd clone echo echo_test', 'a second service from the same description'],
    ['eascmd clone echo -s overrides.json', 'name and differences stand in a file'],
  ],
  logs: [
    ['eascmd logs echo -n 100', 'the last hundred lines'],
    ['eascmd logs echo -f --since 10m', 'the last ten minutes and what comes'],
    ['eascmd logs echo --previous --keyword Error', 'why did it crash?'],
  ],
  events: [
    ['eascmd events echo --since 1h', 'what happened in the last hour'],
    ['eascmd events echo --follow --type Warning', 'tell me when something goes wrong'],
  ],
  endpoints: [
    ['eascmd endpoints echo', 'addresses and token'],
    ['eascmd endpoints echo -o json', 'the same, for a script'],
  ],
  versions: [
    ['eascmd versions echo', 'which versions are there, which is current?'],
    ['eascmd versions echo -o json', 'the same, for a script'],
  ],
  labels: [
    ['eascmd labels echo', 'show them'],
    ['eascmd labels echo set team=search stage=test', 'add or replace'],
    ['eascmd labels echo rm stage', 'take one away'],
  ],
  lock: [
    ['eascmd lock echo dangerous', 'nobody can delete or stop it'],
    ['eascmd lock echo none', 'everybody can again'],
  ],
  regions: [
    ['eascmd regions', 'what -e takes'],
    ['eascmd regions -o json', 'the same, for a script'],
  ],
  'bench create': [
    ['eascmd bench create bench.json', 'start the test; the page with its numbers is served until Ctrl-C'],
    ['eascmd -e local bench create bench.json --no-visualize', 'on this machine, until the test runs'],
  ],
  'bench list': [
    ['eascmd bench ls', 'all tasks of the region'],
    ['eascmd bench ls -o json', 'the same, for a script'],
  ],
  'bench desc': [
    ['eascmd bench desc benchmark-echo-b514', 'state and settings of a task'],
    ['eascmd bench desc benchmark-echo-b514 -o json', 'the answer of the API'],
  ],
  'bench visualize': [
    ['eascmd bench visualize benchmark-echo-b514', 'the page with its numbers'],
    ['eascmd bench visualize benchmark-echo-b514 --port 18222', 'on a port that a tunnel knows'],
  ],
  'bench stop': [
    ['eascmd bench stop benchmark-echo-b514', 'end the test; asks first'],
    ['eascmd bench stop benchmark-echo-b514 --yes --no-wait', 'without a question, only ask for it'],
  ],
  'bench start': [
    ['eascmd bench start benchmark-echo-b514', 'the same test once more; asks first'],
    ['eascmd bench start benchmark-echo-b514 -y --no-visualize', 'in a script'],
  ],
  'bench delete': [
    ['eascmd bench delete benchmark-echo-b514', 'asks first'],
    ['echo Y | eascmd bench delete benchmark-echo-b514', 'the answer from a pipe'],
  ],
  'bench report': [
    ['eascmd bench report benchmark-echo-b514', 'the address of the report'],
    ['eascmd bench report benchmark-echo-b514 -o json', 'the same, for a script'],
  ],
  'bench update': [
    ['eascmd bench update benchmark-echo-b514 -Doptional.concurrency=8', 'eight connections for each agent'],
    [
      'eascmd bench update benchmark-echo-b514 -Doptional.concurrency=4 -Doptional.agentCount=2',
      'two agents with four each',
    ],
  ],
  'local start': [
    ['eascmd local start', 'run EAS on this machine, in the background'],
    ['eascmd local start --port 0 --object-port 0', 'on ports that are free'],
  ],
  'local stop': [
    ['eascmd local stop', 'its services come back with the next start'],
    ['eascmd local stop --data-dir ./eas-state', 'the one with that state'],
  ],
  'local status': [
    ['eascmd local status', 'addresses, process and data'],
    ['eascmd local status -o json', 'the same, for a script; exit code 1 when it does not run'],
  ],
  'local logs': [
    ['eascmd local logs', 'what Local EAS did'],
    ['eascmd local logs -f', 'and what it does'],
  ],
  'local reset': [
    ['eascmd local reset', 'remove everything it keeps; asks first'],
    ['eascmd local reset --yes', 'without asking'],
  ],
  completion: [
    ['eval "$(eascmd completion bash)"', 'in ~/.bashrc'],
    ['eascmd completion fish > ~/.config/fish/completions/eascmd.fish', 'once, for fish'],
  ],
  help: [
    ['eascmd help create', 'arguments, examples and exit codes of a command'],
    ['eascmd help local start', 'of a command of two words'],
  ],
};
