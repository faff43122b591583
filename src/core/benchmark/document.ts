import { type EasError, usageError } from '../errors.ts';
import { parseRecord } from '../input/record.ts';
import { type Node, toValue } from '../service/document/parse.ts';
import { type FieldRule, valueProblem } from '../service/document/rules.ts';
import type { Source } from '../service/document/source.ts';
import { closest } from '../suggest.ts';
import type { BenchmarkDocument } from './api.ts';
import { knownName, SECTIONS, UPDATABLE } from './fields.ts';

type ObjectNode = Extract<Node, { kind: 'object' }>;
/** Fields that are present, by their dotted name as the table has it. */
type Found = Map<string, Node>;

/**
 * Reads a benchmark JSON (eascmd.md 3.6). Throws EasError (exit 2) with line and column for what is misspelt, of the wrong
 * type or out of range; fields that nobody here knows are passed on with a warning, as they may be newer.
 */
export function readBenchmark(
  text: string,
  fileName: string,
): { document: BenchmarkDocument; warnings: string[] } {
  const { source, root } = parseRecord(text, fileName);
  const warnings: string[] = [];
  const found: Found = new Map();
  walk(source, root, found, warnings);
  require(source, root, found);
  checkData(source, found);
  checkHeaders(source, found);
  checkRange(source, found);
  warnings.push(...idle(source, found));
  return { document: toValue(root) as BenchmarkDocument, warnings };
}

/** The document that `bench update -D…` sends: only what may change while a task runs. */
export function readUpdate(assignments: string[]): BenchmarkDocument {
  const document: Record<string, Record<string, unknown>> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const path = (equals < 0 ? assignment : assignment.slice(0, equals)).trim();
    if (equals < 0)
      throw usageError(
        'InvalidAssignment',
        `-D${assignment}: "=" is missing`,
        'Write -D<path>=<value>, for example -Doptional.concurrency=4.',
      );
    const name = knownName(UPDATABLE, path);
    if (!name) throw notUpdatable(path);
    const [section, key] = name.split('.') as [string, string];
    const raw = assignment.slice(equals + 1).trim();
    const value = /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw;
    const problem = valueProblem(SECTIONS[section]![key]!, value);
    if (problem) throw usageError('InvalidField', `-D${path}: ${name} ${problem}`);
    document[section] = { ...document[section], [key]: value };
  }
  return document;
}

function notUpdatable(path: string): EasError {
  const similar = closest(path, UPDATABLE);
  return usageError(
    'InvalidField',
    `-D${path}: this can't be changed while a task runs`,
    similar ? `Did you mean "${similar}"?` : `What can: ${UPDATABLE.join(', ')}.`,
  );
}

function walk(source: Source, root: ObjectNode, found: Found, warnings: string[]): void {
  for (const { key, keyAt, value } of root.members) {
    const section = knownName(Object.keys(SECTIONS), key);
    if (!section) {
      unknown(source, key, keyAt, '', Object.keys(SECTIONS), warnings);
      continue;
    }
    if (value.kind !== 'object')
      throw source.error('InvalidField', value.at, `${section} must be an object {…}`);
    note(source, section, value, keyAt, found);
    for (const member of value.members) {
      const rules = SECTIONS[section]!;
      const name = knownName(Object.keys(rules), member.key);
      if (!name) {
        unknown(source, member.key, member.keyAt, section, Object.keys(rules), warnings);
        continue;
      }
      checkValue(source, `${section}.${name}`, rules[name]!, member.value);
      note(source, `${section}.${name}`, member.value, member.keyAt, found);
    }
  }
}

function note(source: Source, path: string, value: Node, keyAt: number, found: Found): void {
  if (found.has(path)) throw source.error('DuplicateField', keyAt, `${path} is given twice`);
  found.set(path, value);
}

function checkValue(source: Source, path: string, rule: FieldRule, node: Node): void {
  const problem = valueProblem(rule, toValue(node));
  if (problem) throw source.error('InvalidField', node.at, `${path} ${problem}`);
}

function unknown(
  source: Source,
  key: string,
  keyAt: number,
  section: string,
  known: string[],
  warnings: string[],
): void {
  const where = section ? ` in ${section}` : '';
  const similar = closest(key, known);
  if (similar)
    throw source.error('UnknownField', keyAt, `unknown field "${key}"${where}`, `Did you mean "${similar}"?`);
  const home = Object.keys(SECTIONS).find((name) => knownName(Object.keys(SECTIONS[name]!), key));
  if (home)
    throw source.error(
      'MisplacedField',
      keyAt,
      `"${key}" must stand inside "${home}"`,
      `Write "${home}": {"${key}": …}.`,
    );
  const { line, column } = source.position(keyAt);
  warnings.push(
    `${source.fileName}:${line}:${column}: "${key}"${where} is not a field known here; it is passed on`,
  );
}

function require(source: Source, root: ObjectNode, found: Found): void {
  if (!found.has('service.serviceName') && !found.has('service.serviceUrl'))
    throw source.error(
      'MissingField',
      found.get('service')?.at ?? root.at,
      'the field service.serviceName is missing',
      'Add "service": {"serviceName": "my_service"}.',
    );
  if (!found.has('data.content') && !found.has('data.path'))
    throw source.error(
      'MissingField',
      found.get('data')?.at ?? root.at,
      'there is no data to send',
      'Add "data": {"content": "<one request in base64>"}, or "data": {"path": "oss://bucket/requests.zip"}.',
    );
}

function checkData(source: Source, found: Found): void {
  const content = found.get('data.content');
  const path = found.get('data.path');
  if (content && path)
    throw source.error('InvalidField', path.at, 'data.content and data.path were both given', 'Keep one.');
  if (content?.kind === 'string' && !isBase64(content.value))
    throw source.error(
      'InvalidField',
      content.at,
      'data.content is no base64',
      'Encode the request: base64 -w0 < request.json.',
    );
  if (path?.kind === 'string' && path.value.split(',').some((part) => part.trim() === ''))
    throw source.error(
      'InvalidField',
      path.at,
      'data.path holds an empty address',
      'Addresses stand between commas: "oss://bucket/a.bin,oss://bucket/b.bin".',
    );
}

/** With or without `=` at the end, as tools write it. */
export function isBase64(text: string): boolean {
  const body = text.replace(/=+$/, '');
  return /^[A-Za-z0-9+/]*$/.test(body) && body.length % 4 !== 1 && text.length - body.length <= 2;
}

/** Names of headers that make the frame of a request; its own values would break it. */
const FRAMING = new Set(['host', 'content-length', 'transfer-encoding', 'connection']);

/** What is wrong with an entry of http.headers, `"<name>:<value>"`. */
export function headerProblem(entry: string): string | undefined {
  const [name = '', value] = splitHeader(entry);
  if (value === undefined) return 'has no ":" between name and value';
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `has the name ${JSON.stringify(name)}, which is none`;
  if (/[\r\n\0]/.test(value)) return 'holds a line break';
  return FRAMING.has(name.toLowerCase()) ? `sets ${name}, which follows from the request` : undefined;
}

export function splitHeader(entry: string): [name: string, value?: string] {
  const colon = entry.indexOf(':');
  return colon < 0 ? [entry] : [entry.slice(0, colon).trim(), entry.slice(colon + 1).trim()];
}

function checkHeaders(source: Source, found: Found): void {
  const headers = found.get('http.headers');
  if (headers?.kind !== 'array') return;
  for (const [index, item] of headers.items.entries()) {
    const problem = item.kind === 'string' ? headerProblem(item.value) : undefined;
    if (problem)
      throw source.error(
        'InvalidField',
        item.at,
        `http.headers[${index}] ${problem}`,
        'Write "<name>:<value>".',
      );
  }
}

function checkRange(source: Source, found: Found): void {
  const [min, max] = [found.get('optional.minQPS'), found.get('optional.maxQPS')];
  if (min?.kind === 'number' && max?.kind === 'number' && min.value > max.value)
    throw source.error(
      'InvalidField',
      max.at,
      `optional.maxQPS (${max.value}) is below optional.minQPS (${min.value})`,
    );
  for (const key of ['duration', 'agentCount', 'concurrency']) {
    const [basic, optional] = [found.get(`base.${key}`), found.get(`optional.${key}`)];
    if (basic && optional && toValue(basic) !== toValue(optional))
      throw source.error(
        'InvalidField',
        optional.at,
        `optional.${key} and base.${key} differ`,
        'They are the same setting; keep one of them.',
      );
  }
}

/** Options of one mode that stand in a document of another (eascmd.md 3.6). */
const MODES: Record<string, string[]> = {
  agentCount: ['manual'],
  concurrency: ['manual'],
  adjustInterval: ['scan'],
  minQPS: ['scan'],
  qpsGrowthDelta: ['scan'],
  maxQPS: ['scan', 'auto'],
  maxRT: ['scan', 'auto'],
};

function idle(source: Source, found: Found): string[] {
  const given = found.get('optional.mode');
  const mode = given?.kind === 'string' ? given.value : 'auto';
  return Object.entries(MODES).flatMap(([key, modes]) => {
    const node = found.get(`optional.${key}`);
    if (!node || modes.includes(mode)) return [];
    const { line, column } = source.position(node.at);
    return [
      `${source.fileName}:${line}:${column}: optional.${key} is for mode ${modes.join(' and ')}; this is ${mode}`,
    ];
  });
}
