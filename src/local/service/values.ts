import { invalid } from '../api/error.ts';
import type { Config } from './spec.ts';

export const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of a field, undefined when it is absent or null. Throws InvalidParameter for another type. */
export function textField(config: Config, name: string): string | undefined {
  const value = config[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  return value;
}

/** Finds `rpc.keepalive` as a dotted key or nested; the dotted one wins when both stand there (eascmd.md 3.2). */
export function lookup(config: Config, path: string): unknown {
  if (config[path] !== undefined) return config[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  for (let at = dot; at > 0; at = path.indexOf('.', at + 1)) {
    const head = config[path.slice(0, at)];
    if (isObject(head)) {
      const found = lookup(head, path.slice(at + 1));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

export interface NumberRule {
  fallback: number;
  least: number;
  most?: number;
  isWhole?: boolean;
}

/** A number, or text that is one (samples write both); throws InvalidParameter naming the field and its bounds. */
export function numberField(config: Config, path: string, rule: NumberRule): number {
  const value = lookup(config, path);
  if (value === undefined || value === null || value === '') return rule.fallback;
  const number = typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  const fits =
    typeof number === 'number' &&
    Number.isFinite(number) &&
    number >= rule.least &&
    number <= (rule.most ?? Number.MAX_SAFE_INTEGER) &&
    (rule.isWhole === false || Number.isInteger(number));
  if (!fits) {
    const kind = rule.isWhole === false ? 'a number' : 'a whole number';
    const bounds =
      rule.most === undefined ? `of at least ${rule.least}` : `from ${rule.least} to ${rule.most}`;
    throw invalid(`metadata.${path} must be ${kind} ${bounds}, not ${JSON.stringify(value)}`);
  }
  return number as number;
}

/** A boolean, or "true"/"false" as text (samples write both). */
export function booleanField(config: Config, path: string, fallback: boolean): boolean {
  const value = lookup(config, path);
  if (value === undefined || value === null || value === '') return fallback;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(`${path} must be true or false, not ${JSON.stringify(value)}`);
}

/** Flattens metadata to the text properties a processor can ask for (core/worker/spec.ts). */
export function flatten(config: Config, prefix = ''): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) {
    if (value === null || value === undefined) continue;
    if (isObject(value)) Object.assign(flat, flatten(value, `${prefix}${key}.`));
    else flat[prefix + key] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return flat;
}
