import { join } from 'node:path';
import { say } from '../say.ts';
import { score, versionOf } from './digits.ts';
import { type Shell, StepFailed } from './shell.ts';

/** What `eascmd local status -o json` tells. */
export interface LocalStatus {
  apiUrl: string;
  objectStoreUrl: string;
  uid: string;
}

/** The life of one service, from an empty machine to its removal; each part checks what it claims. */
export async function tellStory(shell: Shell, isKept: boolean): Promise<LocalStatus> {
  const status = await startLocalEas(shell);
  await uploadPackages(shell, status);
  await deploy(shell);
  await predict(shell);
  await scale(shell);
  await changeVersion(shell);
  await stopAndStart(shell);
  if (!isKept) await remove(shell);
  return status;
}

async function startLocalEas(shell: Shell): Promise<LocalStatus> {
  shell.tell('EAS on this machine: the API, an object store and a gateway, on two free ports.');
  await shell.run(['eascmd', 'local', 'start', '--port', '0', '--object-port', '0']);
  shell.tell(
    'Commands go there from now on. For the cloud: eascmd config -i <id> -k <secret> -e cn-shanghai',
  );
  await shell.run(['eascmd', 'config', '-e', 'local']);
  await shell.run(['eascmd', 'config', 'show']);
  return shell.ask<LocalStatus>('local', 'status');
}

async function uploadPackages(shell: Shell, { uid }: LocalStatus): Promise<void> {
  shell.tell(
    'Two versions of a digits classifier, trained on the UCI digits by train.py, and the code that serves it.',
  );
  for (const version of [1, 2]) {
    const archive = `digits-v${version}.tar.gz`;
    await shell.run(['tar', 'czf', archive, '-C', `model-v${version}`, 'weights.json']);
    await shell.run(['eascmd', 'upload', archive]);
  }
  await shell.run(['eascmd', 'upload', 'app.py']);
  shell.tell('The paths that upload printed go into the service descriptions.');
  for (const name of ['service.json', 'service-v2.json']) {
    const file = Bun.file(join(shell.place.work, name));
    await Bun.write(file, (await file.text()).replaceAll('<uid>', uid));
  }
  await shell.run(['cat', 'service.json']);
}

async function deploy(shell: Shell): Promise<void> {
  shell.tell('The processor is Python, in the form of the manual: a class of allspark.BaseProcessor.');
  await needPython(shell);
  await shell.run(['eascmd', 'create', 'service.json']);
  await shell.run(['eascmd', 'ls']);
  await shell.run(['eascmd', 'w', 'digits']);
  await shell.run(['eascmd', 'desc', 'digits']);
  await expectReady(shell, 1);
}

/** Said here, since a service that can't start says it much later and in a log. */
async function needPython(shell: Shell): Promise<void> {
  const python = shell.place.env.EAS_PYTHON ?? 'python3';
  if (!Bun.which(python, { PATH: shell.place.env.PATH }))
    throw new StepFailed(
      `Python is needed here, since "eascmd create" has to run app.py with it, but there is no ${python}. ` +
        'Install Python 3.6 or newer, or name one in EAS_PYTHON, then start again',
    );
  await shell.run([python, '--version']);
}

async function predict(shell: Shell): Promise<void> {
  shell.tell('One scanned digit, 8 x 8 pixels, that the model has never seen.');
  await expectVersion(shell, 1);
  shell.tell('All of them: the pictures that were held out of the training.');
  await predictAll(shell, 1);
}

async function scale(shell: Shell): Promise<void> {
  shell.tell('A second instance; the first one goes on as it is.');
  await shell.run(['eascmd', 'modify', 'digits', '-Dmetadata.instance=2']);
  await shell.run(['eascmd', 'w', 'digits']);
  await expectReady(shell, 2);
}

async function changeVersion(shell: Shell): Promise<void> {
  shell.tell('A new version with a larger network, rolled out instance by instance.');
  await shell.run(['eascmd', 'modify', 'digits', '-s', 'service-v2.json']);
  await expectVersion(shell, 2);
  await predictAll(shell, 2);
  shell.tell('And back to the first one.');
  await shell.run(['eascmd', 'version', 'digits', '1']);
  await expectVersion(shell, 1);
}

async function stopAndStart(shell: Shell): Promise<void> {
  shell.tell('Stopped, it keeps its name, its token and its versions.');
  await shell.run(['eascmd', 'stop', 'digits']);
  await shell.run(['eascmd', 'ls']);
  await shell.run(['eascmd', 'start', 'digits']);
  await expectVersion(shell, 1);
}

async function remove(shell: Shell): Promise<void> {
  shell.tell('The end of the service, and of Local EAS.');
  await shell.run(['eascmd', 'delete', 'digits'], { input: 'Y' });
  await shell.run(['eascmd', 'ls']);
  await shell.run(['eascmd', 'local', 'stop']);
}

async function expectVersion(shell: Shell, version: number): Promise<void> {
  const answer = await shell.read(['eascmd', 'predict', 'digits', '-f', 'image.json']);
  if (versionOf(answer) !== version)
    throw new StepFailed(`version ${version} of the model should have answered, not ${versionOf(answer)}`);
}

async function predictAll(shell: Shell, version: number): Promise<void> {
  const into = `answers-v${version}.jsonl`;
  const command = ['eascmd', 'predict', 'digits', '--lines', '--concurrency', '4', '-f', 'heldout.jsonl'];
  await shell.run(command, { into });
  const { images, correct, accuracy } = await score(shell.place.work, into, version);
  say(`${correct} of ${images} held-out images right: accuracy ${accuracy}, the same as train.py reported`);
}

async function expectReady(shell: Shell, instances: number): Promise<void> {
  const service = await shell.ask<{ RunningInstance: number }>('desc', 'digits');
  if (service.RunningInstance !== instances)
    throw new StepFailed(`${service.RunningInstance} instances run, ${instances} should`);
}
