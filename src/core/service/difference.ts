import { isDeepStrictEqual } from 'node:util';
import type { ServiceDocument } from './model.ts';

/** One field that a change touches; undefined is a field that is not there. */
export interface Difference {
  /** Dotted, e.g. `metadata.rpc.keepalive`. */
  path: string;
  before: unknown;
  after: unknown;
}

/**
 * What merging `change` into `stored` would alter (openapi.md UpdateService, `merge`): objects are merged, anything
 * else is replaced, null takes a field away. `rpc.keepalive` and `rpc: {keepalive}` are one field (eascmd.md 3.2).
 */
export function differences(stored: ServiceDocument, change: ServiceDocument): Difference[] {
  const before = new Map(leaves(stored, ''));
  return leaves(change, '').flatMap(([path, value]) => {
    const after = value === null ? undefined : value;
    const replaced = before.has(path) ? before.get(path) : nested(before, path);
    return isDeepStrictEqual(replaced, after) ? [] : [{ path, before: replaced, after }];
  });
}

function leaves(object: Record<string, unknown>, prefix: string): [path: string, value: unknown][] {
  return Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const path = prefix + key;
    const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isBranch && Object.keys(value).length > 0
      ? leaves(value as Record<string, unknown>, `${path}.`)
      : [[path, value]];
  });
}

/** A whole object that gives way to a single value, such as `model_config`. */
function nested(before: Map<string, unknown>, path: string): unknown {
  const inner = [...before].filter(([other]) => other.startsWith(`${path}.`));
  if (inner.length === 0) return undefined;
  return Object.fromEntries(inner.map(([other, value]) => [other.slice(path.length + 1), value]));
}
