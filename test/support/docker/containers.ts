import type Docker from 'dockerode';
import { connectEngine } from '../../../src/docker/engine/engine.ts';
import { hostOf } from '../scripted-eas.ts';

/** The engine of the tests, for looking at what a run left there. */
export async function testEngine(): Promise<Docker> {
  return (await connectEngine(hostOf([], { env: process.env, homeDir: process.env.HOME ?? '/' }))).docker;
}

/** Ids of our containers of that service, running or not. */
export async function containersOf(service: string): Promise<string[]> {
  const filters = JSON.stringify({ label: [`eascmd.service=${service}`] });
  const found = await (await testEngine()).listContainers({ all: true, filters });
  return found.map(({ Id: id }) => id);
}

/** Waits until the service has no container any more. */
export async function goneFrom(service: string): Promise<void> {
  for (let tries = 0; (await containersOf(service)).length > 0; tries++) {
    if (tries > 600) throw new Error(`containers of ${service} are still there`);
    await Bun.sleep(100);
  }
}

/** An image with a Python at /data/eas/ENV/bin/python and a file /data/eas/mark that says `here`; removed at the end. */
export async function dataImage(engine: Docker, repo: string): Promise<AsyncDisposable> {
  const fill =
    'mkdir -p /data/eas/ENV/bin && ln -s /usr/bin/python3 /data/eas/ENV/bin/python && echo here > /data/eas/mark';
  const source = await engine.createContainer({ Image: 'eascmd-test-python', Cmd: ['sh', '-c', fill] });
  await source.start();
  await source.wait();
  await source.commit({ repo });
  await source.remove();
  return { [Symbol.asyncDispose]: () => engine.getImage(repo).remove({ force: true }) };
}
