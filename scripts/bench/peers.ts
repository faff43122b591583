import type { Subprocess } from 'bun';
import type { ProcessorType } from '../../src/core/worker/spec.ts';
import { startBareServer, startBareServerWithLibrary } from './bare-server.ts';
import type { Bench } from './bench.ts';
import { startJdkServer } from './jdk-server.ts';
import type { Target } from './load.ts';
import { startMlserver } from './mlserver.ts';
import { startUvicorn } from './uvicorn.ts';

/** Another server of the same echo, with nothing of ours in it. */
export interface Peer {
  name: string;
  start(bench: Bench): Promise<{ target: Target; child: Subprocess }>;
}

/** The first of each language is the one that others are judged by. */
export const peers: Record<ProcessorType, Peer[]> = {
  cpp: [
    { name: 'Bun.serve', start: startBareServer },
    { name: 'Bun.serve calling the library itself', start: startBareServerWithLibrary },
  ],
  python: [
    { name: 'uvicorn+FastAPI', start: startUvicorn },
    { name: 'MLServer', start: startMlserver },
  ],
  java: [{ name: 'JDK HttpServer', start: startJdkServer }],
};

/** Starts those that can be had here, says why the others can't. */
export async function startPeers(bench: Bench, wanted: Peer[]) {
  const started: { name: string; target: Target; child: Subprocess }[] = [];
  for (const { name, start } of wanted) {
    try {
      started.push({ name, ...(await start(bench)) });
    } catch (error) {
      bench.skip(name, (error as Error).message.trim().split('\n').at(-1)!);
    }
  }
  return started;
}
