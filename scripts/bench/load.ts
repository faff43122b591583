import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, output } from './bench.ts';
import { median } from './statistics.ts';

export interface Load {
  ratePerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

export interface Target {
  url: string;
  /** Authorization; the empty string where nobody asks for it. */
  token: string;
  body: string;
  contentType?: string;
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
    run: async ({ url, token, body, contentType }, connections = CONNECTIONS) => {
      const script = join(bench.folder, 'post.lua');
      const quoted = (text: string) => JSON.stringify(text);
      writeFileSync(
        script,
        `wrk.method = "POST"\nwrk.body = ${quoted(body)}\nwrk.headers["Authorization"] = ${quoted(token)}\n${
          contentType ? `wrk.headers["Content-Type"] = ${quoted(contentType)}\n` : ''
        }`,
      );
      const text = await output([
        ...[
          wrk,
          '-t1',
          `-c${connections}`,
          `-d${SECONDS}`,
          '--timeout',
          '30s',
          '--latency',
          '-s',
          script,
          url,
        ],
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
  const [p50Ms, p99Ms] = [50, 99].map((percent) => percentile(text, percent));
  if (!rate || p50Ms === undefined || p99Ms === undefined)
    throw new Error(`wrk said something new:\n${text}`);
  return { ratePerSecond: Number(rate), p50Ms, p99Ms };
}

function percentile(text: string, percent: number): number | undefined {
  const [, amount, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(text) ?? [];
  return amount === undefined
    ? undefined
    : Number(amount) * { us: 0.001, ms: 1, s: 1000 }[unit as 'us' | 'ms' | 's'];
}

export function medianLoad(loads: Load[]): Load {
  return {
    ratePerSecond: median(loads.map(({ ratePerSecond }) => ratePerSecond)),
    p50Ms: median(loads.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(loads.map(({ p99Ms }) => p99Ms)),
  };
}

export const perSecond = ({ ratePerSecond }: Load) => `${(ratePerSecond / 1000).toFixed(1)} k/s`;
