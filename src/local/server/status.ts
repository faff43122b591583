import { get } from 'node:http';
import type { LocalInfo } from '../info.ts';

export const STATUS_PATH = '/_eascmd/status';

/**
 * Asks a Local EAS who it is; undefined when nothing sensible answers in time. Through node:http, because `fetch`
 * would take the proxy of the environment to reach this very machine (measured with Bun 1.4.5).
 */
export function fetchStatus(apiUrl: string, timeoutMs: number): Promise<LocalInfo | undefined> {
  return new Promise((resolve) => {
    const request = get(`${apiUrl}${STATUS_PATH}`, { agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > 64 * 1024) request.destroy();
      });
      reply.on('end', () => settle(parse(text)));
      reply.on('error', () => settle(undefined));
    });
    const timer = setTimeout(() => {
      request.destroy();
      settle(undefined);
    }, timeoutMs);
    request.on('error', () => settle(undefined));
    request.on('close', () => settle(undefined));
    const settle = (info: LocalInfo | undefined) => {
      clearTimeout(timer);
      resolve(info);
    };
  });
}

function parse(text: string): LocalInfo | undefined {
  try {
    const info = JSON.parse(text) as Partial<LocalInfo>;
    return typeof info.pid === 'number' && typeof info.apiUrl === 'string' ? (info as LocalInfo) : undefined;
  } catch {
    return undefined;
  }
}
