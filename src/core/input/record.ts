import { type Member, type Node, parseDocument, toValue } from '../service/document/parse.ts';
import { type FieldRule, valueProblem } from '../service/document/rules.ts';
import { Source } from '../service/document/source.ts';
import { closest } from '../suggest.ts';

export type ObjectNode = Extract<Node, { kind: 'object' }>;

export interface RecordRule extends FieldRule {
  isRequired?: boolean;
}

/** Reads the object that a small input file holds; comments and trailing commas as in the service JSON. */
export function parseRecord(text: string, fileName: string): { source: Source; root: ObjectNode } {
  const source = new Source(text.replace(/\r\n?/g, '\n'), fileName);
  const root = parseDocument(source);
  if (root.kind !== 'object') throw source.error('InvalidJson', root.at, 'this file holds an object {…}');
  return { source, root };
}

/**
 * Checks names, presence and types of an object's fields; `where` names it in errors, '' for the document. Unknown
 * names are errors: these documents are small and fully known.
 */
export function readRecord(
  source: Source,
  object: ObjectNode,
  where: string,
  rules: Record<string, RecordRule>,
): Map<string, Member> {
  const found = new Map<string, Member>();
  const prefix = where ? `${where}.` : '';
  for (const member of object.members) {
    const rule = rules[member.key];
    if (!rule) throw unknownName(source, member, where, Object.keys(rules));
    const problem = valueProblem(rule, toValue(member.value));
    if (problem) throw source.error('InvalidField', member.value.at, `${prefix}${member.key} ${problem}`);
    found.set(member.key, member);
  }
  for (const [key, rule] of Object.entries(rules))
    if (rule.isRequired && !found.has(key))
      throw source.error('MissingField', object.at, `the field "${prefix}${key}" is missing`);
  return found;
}

function unknownName(source: Source, member: Member, where: string, known: string[]) {
  const similar = closest(member.key, known);
  return source.error(
    'UnknownField',
    member.keyAt,
    `unknown field "${member.key}"${where ? ` in ${where}` : ''}`,
    similar ? `Did you mean "${similar}"?` : `Known here: ${known.join(', ')}.`,
  );
}
