import { closest } from '../../suggest.ts';
import { FIELDS, type Field, fieldAt, isSection, namesIn } from './fields.ts';
import { type InsideProblem, insideProblem, joined } from './inside.ts';
import { type Member, type Node, toValue } from './parse.ts';
import { valueProblem } from './rules.ts';
import type { Source } from './source.ts';

export type ObjectNode = Extract<Node, { kind: 'object' }>;

/** The fields of a document by their one dotted name, with where each stands. */
export type FieldNodes = Map<string, Member>;

export interface UnknownField {
  /** The sentence for people. */
  problem: string;
  hint?: string;
  /** A likely slip is an error; a field nobody here knows may be newer than this program and is passed on. */
  severity: 'error' | 'warning';
}

/**
 * Checks names, places and types of every known field. Returns the known fields that are present; texts about
 * unknown ones are added to `warnings`.
 */
export function checkFields(source: Source, root: ObjectNode, warnings: string[]): FieldNodes {
  const found: FieldNodes = new Map();
  walk(source, root, '', found, warnings);
  return found;
}

function walk(source: Source, object: ObjectNode, path: string, found: FieldNodes, warnings: string[]): void {
  for (const member of object.members) {
    const full = path ? `${path}.${member.key}` : member.key;
    const field = fieldAt(full);
    if (field) {
      note(source, field, path, member, found);
      if (field.path !== 'metadata') continue;
    }
    if (isSection(full)) {
      if (member.value.kind !== 'object')
        throw source.error('InvalidField', member.value.at, `${full} must be an object {…}`);
      walk(source, member.value, full, found, warnings);
      continue;
    }
    const unknown = unknownField(path, member.key);
    if (unknown.severity === 'error')
      throw source.error('UnknownField', member.keyAt, unknown.problem, unknown.hint);
    const { line, column } = source.position(member.keyAt);
    warnings.push(`${source.fileName}:${line}:${column}: ${unknown.problem}`);
  }
}

function note(source: Source, field: Field, path: string, member: Member, found: FieldNodes): void {
  if (path.length < field.container.length)
    throw source.error(
      'MisplacedField',
      member.keyAt,
      `"${member.key}" must stand inside "${field.container}"`,
      `Write "${field.container}": {"${field.key}": …}.`,
    );
  const earlier = found.get(field.path);
  if (earlier) {
    const { line } = source.position(earlier.keyAt);
    throw source.error(
      'DuplicateField',
      member.keyAt,
      `${field.path} is given twice (first on line ${line})`,
      'The dotted and the nested spelling are the same field; remove one of them.',
    );
  }
  const problem = valueProblem(field, toValue(member.value));
  if (problem) throw source.error('InvalidField', member.value.at, `${field.path} ${problem}`);
  const inside = insideProblem(field, toValue(member.value));
  if (inside) throw insideError(source, field, member, inside);
  found.set(field.path, member);
}

function insideError(
  source: Source,
  field: Field,
  member: Member,
  { keys, what, hint, isName }: InsideProblem,
) {
  const place = placeOf(member, keys, isName);
  return isName
    ? source.error('UnknownField', place, `${what} in ${joined(field.path, keys.slice(0, -1))}`, hint)
    : source.error('InvalidField', place, `${joined(field.path, keys)} ${what}`, hint);
}

function placeOf(member: Member, keys: string[], isName: boolean): number {
  let { value: node, keyAt } = member;
  for (const key of keys) {
    const next = node.kind === 'object' ? node.members.find((inner) => inner.key === key) : undefined;
    if (next) ({ value: node, keyAt } = next);
    else if (node.kind === 'array') node = node.items[Number(key)]!;
  }
  return isName ? keyAt : node.at;
}

/** What to say about a name that the table does not have in the object at `path`. */
export function unknownField(path: string, key: string): UnknownField {
  const where = path ? `in ${path}` : 'at the top level';
  const elsewhere = FIELDS.find((field) => field.key === key && field.container !== path);
  if (elsewhere) {
    const place = elsewhere.container ? `inside "${elsewhere.container}"` : 'at the top level';
    return {
      problem: `"${key}" does not belong ${where}`,
      hint: `Move it: ${key} stands ${place}.`,
      severity: 'error',
    };
  }
  const similar = closest(key, namesIn(path));
  if (similar)
    return {
      problem: `unknown field "${key}" ${where}`,
      hint: `Did you mean "${similar}"?`,
      severity: 'error',
    };
  return { problem: `unknown field "${key}" ${where}; it is passed on as it is`, severity: 'warning' };
}
