import { usageError } from '../../errors.ts';
import type { ServiceDocument } from '../model.ts';
import { unknownField } from './check.ts';
import { type Field, fieldAt, isSection } from './fields.ts';
import { insideProblem, joined, misspelt, ruleInside } from './inside.ts';
import { define } from './parse.ts';
import { accepted, type FieldRule, isObject, valueProblem } from './rules.ts';
import { nameProblem, presetProblem, presetWarning } from './values.ts';

const SYNTAX_HINT = 'Write -D<path>=<value>, for example -Dmetadata.instance=2.';
type Container = Record<string, unknown> | unknown[];

/**
 * Applies `-D` assignments (`metadata.instance=2`, `containers[0].image=…`) to a copy of the document. A known
 * field takes its type from the field table; other values are JSON when they parse as JSON, else text. Throws
 * EasError (exit 2) on bad syntax, a wrong type or a likely slip in a name.
 */
export function applyAssignments(
  document: ServiceDocument,
  assignments: string[],
): { document: ServiceDocument; warnings: string[] } {
  const result = structuredClone(document);
  const warnings: string[] = [];
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    if (equals < 0) throw usageError('InvalidAssignment', `-D${assignment}: "=" is missing`, SYNTAX_HINT);
    const written = assignment.slice(0, equals).trim();
    const raw = assignment.slice(equals + 1);
    const segments = splitPath(written);
    const field = fieldAt(segments.join('.'));
    const rule = field ?? memberRule(segments);
    const value = rule ? typed(rule, raw, { written, path: field?.path ?? written }) : literal(raw);
    if (!field) warnings.push(...checkUnknown(written, segments, value));
    else if (typeof value === 'string') warnings.push(...checkText(field, value, written));
    put(result, keysFor(result, segments, field), value, written);
  }
  return { document: result, warnings };
}

function splitPath(path: string): string[] {
  const segments = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  if (segments.some((segment) => segment === '' || /[[\]\s]/.test(segment)))
    throw usageError('InvalidAssignment', `-D${path}: "${path}" is not a path`, SYNTAX_HINT);
  return segments;
}

/** Warnings about a path that is no field of the table; a likely slip, or a member of plain text, is an error. */
function checkUnknown(written: string, segments: string[], value: unknown): string[] {
  const fail = (what: string, hint?: string) => usageError('UnknownField', `-D${written}: ${what}`, hint);
  const prefix = (length: number) => segments.slice(0, length).join('.');
  if (isSection(segments.join('.'))) {
    if (!isObject(value)) throw fail('this is a section, its value is an object {…}');
    return [];
  }
  for (let length = 1; length < segments.length; length++) {
    const field = fieldAt(prefix(length));
    if (!field || field.path === 'metadata') continue;
    if (!/object|array|list/.test(field.type))
      throw fail(`${field.path} is ${accepted(field)}, it has no fields`);
    checkMember(field, segments.slice(length), fail);
    return [];
  }
  let depth = 0;
  while (isSection(prefix(depth + 1))) depth++;
  const unknown = unknownField(prefix(depth), segments.slice(depth).join('.'));
  if (unknown.severity === 'error') throw fail(unknown.problem, unknown.hint);
  return [`-D${written}: ${unknown.problem}`];
}

/** Names and presets have rules beyond being text. */
function checkText({ path }: Field, value: string, written: string): string[] {
  const isName = path === 'name' || path === 'metadata.name';
  if (!isName && path !== 'processor') return [];
  const problem = isName ? nameProblem(value) : presetProblem(value);
  if (problem) throw usageError('InvalidField', `-D${written}: ${problem.what}`, problem.hint);
  const warning = isName ? undefined : presetWarning(value);
  return warning ? [`-D${written}: ${warning}`] : [];
}

/** The rule of a member of a known field, for `-Dcontainers[0].image=…`. */
function memberRule(segments: string[]): FieldRule | undefined {
  for (let length = segments.length - 1; length > 0; length--) {
    const field = fieldAt(segments.slice(0, length).join('.'));
    if (field) return ruleInside(field, segments.slice(length));
  }
  return undefined;
}

/** Throws for the first name on the way that is a likely slip. */
function checkMember(field: Field, keys: string[], fail: (what: string, hint?: string) => Error): void {
  for (const [index, key] of keys.entries()) {
    const rule = ruleInside(field, keys.slice(0, index));
    const slip = rule && misspelt(rule, key);
    if (slip) throw fail(slip.what, slip.hint);
  }
}

function typed(rule: FieldRule, raw: string, { written, path }: { written: string; path: string }): unknown {
  const parsed = literal(raw);
  // -Dmetadata.cuda=9.0 and -Dtoken=123 mean text, though they look like numbers.
  const isText = typeof parsed === 'string' || (rule.type === 'string or object' && isObject(parsed));
  const value = rule.type.startsWith('string') && !isText ? raw : parsed;
  const problem = valueProblem(rule, value);
  if (problem)
    throw usageError('InvalidField', `-D${written}: ${path} ${problem}`, `Accepted: ${accepted(rule)}.`);
  const inside = insideProblem(rule, value);
  if (inside)
    throw usageError(
      'InvalidField',
      `-D${written}: ${joined(path, inside.keys)}: ${inside.what}`,
      inside.hint,
    );
  return value;
}

function literal(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/**
 * The literal keys to walk. A dotted name that the document already holds is used as it stands; otherwise the
 * spelling of the table is taken unless the document nests that section.
 */
function keysFor(document: ServiceDocument, segments: string[], field: Field | undefined): string[] {
  const keys: string[] = [];
  let at: unknown = document;
  let rest = segments;
  while (rest.length > 0) {
    const take = longestKey(at, rest) ?? (field && tableKeyLength(field, segments, rest)) ?? 1;
    const key = rest.slice(0, take).join('.');
    keys.push(key);
    at = (at as Record<string, unknown> | undefined)?.[key];
    rest = rest.slice(take);
  }
  return keys;
}

function longestKey(at: unknown, rest: string[]): number | undefined {
  if (typeof at !== 'object' || at === null) return undefined;
  for (let length = rest.length; length > 0; length--)
    if (Object.hasOwn(at, rest.slice(0, length).join('.'))) return length;
  return undefined;
}

function tableKeyLength(field: Field, segments: string[], rest: string[]): number | undefined {
  const walked = segments.slice(0, segments.length - rest.length).join('.');
  return walked === field.container ? rest.length : undefined;
}

function put(document: ServiceDocument, keys: string[], value: unknown, written: string): void {
  let at: Container = document;
  for (const [index, key] of keys.entries()) {
    const last = index === keys.length - 1;
    if (Array.isArray(at)) checkIndex(at, key, written);
    const here: unknown = last
      ? value
      : Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined;
    const next: unknown = here ?? (last ? value : /^\d+$/.test(keys[index + 1]!) ? [] : {});
    if (!last && typeof next !== 'object')
      throw usageError(
        'InvalidAssignment',
        `-D${written}: "${key}" holds ${JSON.stringify(next)}, not an object`,
      );
    if (Array.isArray(at)) at[Number(key)] = next;
    else define(at, key, next);
    at = next as Container;
  }
}

function checkIndex(array: unknown[], key: string, written: string): void {
  if (!/^\d+$/.test(key))
    throw usageError('InvalidAssignment', `-D${written}: a list is addressed by number, not "${key}"`);
  if (Number(key) > array.length)
    throw usageError(
      'InvalidAssignment',
      `-D${written}: index ${key} is beyond the end of a list of ${array.length}`,
      `The next free index is ${array.length}.`,
    );
}
