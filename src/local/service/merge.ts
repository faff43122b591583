import type { Config } from './spec.ts';
import { isObject } from './values.ts';

/**
 * `UpdateType=merge`: objects are merged, everything else is replaced, null takes a field away. `rpc.keepalive` and
 * `rpc: {keepalive}` are one field (eascmd.md 3.2), so a change in one spelling takes away the other.
 */
export function mergeConfig(stored: Config, change: Config): Config {
  const merged: Config = { ...stored };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else if (isObject(value))
      merged[key] = mergeConfig(isObject(merged[key]) ? (merged[key] as Config) : {}, value);
    else merged[key] = value;
    dropOtherSpelling(merged, key, value);
  }
  return merged;
}

function dropOtherSpelling(merged: Config, key: string, value: unknown): void {
  if (isObject(value)) {
    for (const inner of Object.keys(value)) delete merged[`${key}.${inner}`];
    return;
  }
  const dot = key.indexOf('.');
  const outer = dot > 0 ? merged[key.slice(0, dot)] : undefined;
  if (!isObject(outer)) return;
  const { [key.slice(dot + 1)]: _replaced, ...rest } = outer;
  merged[key.slice(0, dot)] = rest;
}
