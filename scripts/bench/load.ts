import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, output } from './bench.ts';
import { median } from './statistics.ts';

export interface Load {
  ratePerSecond: number;
  p50Ms: number;
}

export interface Target {
  url: string;
  token: string;
  body: string;
}

const CONNECTIONS = 32;
const SECONDS = 3;

/** 32 connections of POSTs for 3 s. */
export type Generator = (target: Target, connections?: number) => Promise<Load>;

/** wrk when it is there, else the generator of generator.ts; both throw when an answer was no 200. */
export function loadGenerator(bench: Bench): { name: string; run: Generator } {
  const wrk = Bun.which('wrk');
  if (!wrk) return { name: 'own generator', run: ownGenerator };
  return {
    name: 'wrk',
    run: async ({ url, token, body }, connections = CONNECTIONS) => {
      const script = join(bench.folder, 'post.lua');
      const quoted = (text: string) => JSON.stringify(text);
      writeFileSync(
        script,
        `wrk.method = "POST"\nwrk.body = ${quoted(body)}\nwrk.headers["Authorization"] = ${quoted(token)}\n`,
      );
      const text = await output([
        ...[wrk, '-t1', `-c${connections}`, `-d${SECONDS}`, '--latency', '-s', script, url],
      ]);
      return parseWrk(text);
    },
  };
}

async function ownGenerator(target: Target, connections = CONNECTIONS): Promise<Load> {
  const options = JSON.stringify({ ...target, connections, seconds: SECONDS });
  return JSON.parse(await output([process.execPath, join(import.meta.dir, 'generator.ts'), options])) as Load;
}

/** Throws when there were errors: a fast 401 is no result. */
export function parseWrk(text: string): Load {
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`the load met errors:\n${text}`);
  const rate = /Requests\/sec:\s*([\d.]+)/.exec(text)?.[1];
  const [, amount, unit] = /50%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  if (!rate || !amount) throw new Error(`wrk said something new:\n${text}`);
  const toMs = { us: 0.001, ms: 1, s: 1000 }[unit as 'us' | 'ms' | 's'];
  return { ratePerSecond: Number(rate), p50Ms: Number(amount) * toMs };
}

export function medianLoad(loads: Load[]): Load {
  return {
    ratePerSecond: median(loads.map(({ ratePerSecond }) => ratePerSecond)),
    p50Ms: median(loads.map(({ p50Ms }) => p50Ms)),
  };
}
