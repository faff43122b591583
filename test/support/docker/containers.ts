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
    if (tries > 100) throw new Error(`containers of ${service} are still there`);
    await Bun.sleep(100);
  }
}
