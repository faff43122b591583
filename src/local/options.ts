import { EasError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { LocalRuntime } from '../core/service/effect.ts';

export const DEFAULT_PORT = 18500;
export const DEFAULT_OBJECT_PORT = 18501;
export const DEFAULT_BIND = '127.0.0.1';
export const REGION = 'local';

/** What `eascmd __local` is told, as JSON in its one argument. */
export interface LocalOptions {
  dataDir: string;
  /** 0 picks a free one. */
  port: number;
  objectPort: number;
  bind: string;
  /** Interpreter for Python packages that bring no ENV. */
  python?: string;
  runtime: LocalRuntime;
  /** Image of containers; by the processor's type when absent. */
  image?: string;
}

export function readOptions(host: Host): LocalOptions {
  try {
    const given = JSON.parse(host.argv[1] ?? '') as Partial<LocalOptions>;
    if (typeof given.dataDir !== 'string') throw new Error('dataDir is expected');
    return {
      dataDir: given.dataDir,
      port: given.port ?? DEFAULT_PORT,
      objectPort: given.objectPort ?? DEFAULT_OBJECT_PORT,
      bind: given.bind ?? DEFAULT_BIND,
      python: given.python,
      runtime: given.runtime ?? 'process',
      image: given.image,
    };
  } catch (cause) {
    throw new EasError({
      code: 'LocalOptions',
      message: 'The hidden verb __local takes its options as one JSON argument',
      hint: 'Start Local EAS with: eascmd local start',
      cause,
    });
  }
}
