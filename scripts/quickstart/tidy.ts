import { connect } from 'node:net';
import { leftovers } from '../processes.ts';
import { type Place, removePlace } from './place.ts';
import type { LocalStatus } from './story.ts';

const stopMs = 30_000;

/** Stops Local EAS of this place if it still runs, ends whatever is left, removes the folder. Says what it had to end. */
export async function tidyUp(place: Place): Promise<string[]> {
  const stop = Bun.spawn([place.binary, 'local', 'stop'], {
    env: place.env,
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
    timeout: stopMs,
  });
  await stop.exited;
  const left = await leftovers(place.folder);
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  removePlace(place);
  return left.map(({ pid, command }) => `process ${pid} (${command})`);
}

/** What the story left behind although it said that everything is stopped. */
export async function stillThere(place: Place, { apiUrl, objectStoreUrl }: LocalStatus): Promise<string[]> {
  const processes = (await leftovers(place.folder)).map(({ pid, command }) => `process ${pid} (${command})`);
  const ports: string[] = [];
  for (const url of [apiUrl, objectStoreUrl])
    if (await answers(new URL(url))) ports.push(`a listener on ${url}`);
  return [...processes, ...ports];
}

function answers({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
