import { type EasError, usageError } from '../errors.ts';
import { parseRecord, type RecordRule, readRecord } from '../input/record.ts';
import { type Node, toValue } from '../service/document/parse.ts';
import { type FieldRule, valueProblem } from '../service/document/rules.ts';
import type { Source } from '../service/document/source.ts';
import { closest } from '../suggest.ts';
import type { Autoscaler, AutoscalerSettings, ScaleStrategy } from './api.ts';

/** One value that the user gave, in a file or by -D, and how to complain about it. */
interface Given {
  path: string;
  value: unknown;
  service?: string;
  fail(what: string, hint?: string): EasError;
}

/** openapi.md section 5; the console allows at most 1000 instances (eascmd.md 3.7). */
const RULES: Record<string, FieldRule> = {
  min: { type: 'integer', min: 0, max: 1000 },
  max: { type: 'integer', min: 1, max: 1000 },
  'behavior.scaleUp.stabilizationWindowSeconds': { type: 'integer', min: 0, max: 3600 },
  'behavior.scaleDown.stabilizationWindowSeconds': { type: 'integer', min: 0, max: 3600 },
  'behavior.onZero.scaleDownGracePeriodSeconds': { type: 'integer', min: 0, max: 86_400 },
  'behavior.onZero.scaleUpActivationReplicas': { type: 'integer', min: 1, max: 1000 },
};
const SECTIONS = ['strategies', 'behavior', 'behavior.scaleUp', 'behavior.scaleDown', 'behavior.onZero'];
const STRATEGY: Record<string, RecordRule> = {
  metricName: { type: 'string', isRequired: true },
  threshold: { type: 'number', above: 0, isRequired: true },
  service: { type: 'string' },
};
const THRESHOLD: FieldRule = { type: 'number', above: 0 };
const METRICS = ['qps', 'qps1k', 'cpu', 'gpu[util]'];

/** What the user asked for, checked value by value. */
export interface AutoscalerInput {
  given: Given[];
  warnings: string[];
}

/**
 * Reads a file and -D assignments (eascmd.md 3.7: `strategies.qps=10`). Throws EasError (exit 2) for anything
 * misspelt, of the wrong type or out of range; a file has to be complete, assignments may change what is set.
 */
export function readAutoscaler(input: {
  file?: { text: string; name: string };
  assignments: string[];
}): AutoscalerInput {
  const given = [
    ...(input.file ? fromFile(input.file.text, input.file.name) : []),
    ...input.assignments.map(fromAssignment),
  ];
  const read = { given, warnings: given.flatMap(check) };
  const has = (path: string) => given.some((one) => one.path === path);
  if (input.file || (has('min') && has('max') && given.some(isStrategy))) mergeAutoscaler(read);
  return read;
}

/** The autoscaler to set: what was asked for, on top of the one that is set, if any. */
export function mergeAutoscaler(
  { given }: AutoscalerInput,
  current?: AutoscalerSettings,
): AutoscalerSettings {
  const settings: Partial<AutoscalerSettings> = structuredClone(current ?? {});
  const strategies = new Map((settings.scaleStrategies ?? []).map((each) => [each.metricName, each]));
  for (const one of given) {
    if (isStrategy(one)) addStrategy(strategies, one);
    else apply(settings, one);
  }
  settings.scaleStrategies = [...strategies.values()];
  return complete(settings, given);
}

/** What is set now, in the form in which it can be set. */
export function settingsOf(autoscaler: Autoscaler): AutoscalerSettings {
  const strategies = (autoscaler.ScaleStrategies ?? []).map(
    ({ metricName, threshold, service }): ScaleStrategy => ({
      metricName: metricName.toLowerCase(),
      threshold,
      ...(service && service !== autoscaler.ServiceName ? { service } : {}),
    }),
  );
  const { MinReplica: min, MaxReplica: max, Behavior: behavior } = autoscaler;
  return { min, max, scaleStrategies: strategies, ...(behavior ? { behavior } : {}) };
}

function fromFile(text: string, name: string): Given[] {
  const { source, root } = parseRecord(text, name);
  const given: Given[] = [];
  walk(source, root, '', given);
  return given;
}

function walk(source: Source, node: Node, path: string, given: Given[]): void {
  const fail = (what: string, hint?: string) => source.error('InvalidField', node.at, what, hint);
  if (path === 'scaleStrategies') {
    given.push(...listedStrategies(source, node));
  } else if (path === '' || SECTIONS.includes(path)) {
    if (node.kind !== 'object') throw fail(`${path} must be an object {…}`);
    for (const { key, keyAt, value } of node.members) {
      const inner = path ? `${path}.${key}` : key;
      if (!isKnown(inner)) throw source.error('UnknownField', keyAt, ...unknown(inner));
      walk(source, value, inner, given);
    }
  } else given.push({ path, value: toValue(node), fail });
}

/** The form of the API: `scaleStrategies: [{metricName, threshold, service}]`. */
function listedStrategies(source: Source, node: Node): Given[] {
  if (node.kind !== 'array')
    throw source.error('InvalidField', node.at, 'scaleStrategies must be a list […]');
  return node.items.map((item, index) => {
    const where = `scaleStrategies[${index}]`;
    if (item.kind !== 'object') throw source.error('InvalidField', item.at, `${where} must be an object {…}`);
    const fields = readRecord(source, item, where, STRATEGY);
    const text = (key: string) => {
      const found = fields.get(key);
      return found ? (toValue(found.value) as string) : undefined;
    };
    return {
      path: `strategies.${text('metricName')}`,
      value: toValue(fields.get('threshold')!.value),
      service: text('service'),
      fail: (what: string, hint?: string) => source.error('InvalidField', item.at, what, hint),
    };
  });
}

function fromAssignment(assignment: string): Given {
  const equals = assignment.indexOf('=');
  if (equals < 0)
    throw usageError(
      'InvalidAssignment',
      `-D${assignment}: "=" is missing`,
      'Write -D<path>=<value>, for example -Dmin=1 -Dmax=5 -Dstrategies.qps=10.',
    );
  const path = assignment.slice(0, equals).trim();
  const raw = assignment.slice(equals + 1).trim();
  const fail = (what: string, hint?: string) => usageError('InvalidField', `-D${path}: ${what}`, hint);
  if (!isKnown(path) || SECTIONS.includes(path) || path === 'scaleStrategies') throw fail(...unknown(path));
  return { path, value: /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw, fail };
}

function isKnown(path: string): boolean {
  return (
    path in RULES || SECTIONS.includes(path) || path === 'scaleStrategies' || /^strategies\../.test(path)
  );
}

function unknown(path: string): [what: string, hint: string] {
  const similar = closest(path, [...Object.keys(RULES), ...SECTIONS]);
  const known = [...Object.keys(RULES), 'strategies.<metric>'].join(', ');
  return [
    `unknown field "${path}" of an autoscaler`,
    similar && similar !== path ? `Did you mean "${similar}"?` : `Known: ${known}.`,
  ];
}

const isStrategy = ({ path }: Given) => path.startsWith('strategies.');
const metricOf = ({ path }: Given) => path.slice('strategies.'.length);

/** Throws for a value that is not accepted; answers warnings about metrics that may be newer than this program. */
function check(given: Given): string[] {
  const rule = isStrategy(given) ? THRESHOLD : RULES[given.path]!;
  const problem = valueProblem(rule, given.value);
  if (problem) throw given.fail(`${given.path} ${problem}`);
  if (!isStrategy(given) || METRICS.includes(metricOf(given))) return [];
  const similar = closest(metricOf(given), METRICS);
  if (similar) throw given.fail(`unknown metric "${metricOf(given)}"`, `Did you mean "${similar}"?`);
  return [
    `"${metricOf(given)}" is not among the metrics known here (${METRICS.join(', ')}); it is passed on`,
  ];
}

function addStrategy(strategies: Map<string, ScaleStrategy>, given: Given): void {
  const metricName = metricOf(given);
  const service = given.service ? { service: given.service } : {};
  strategies.set(metricName, { metricName, threshold: given.value as number, ...service });
}

function apply(settings: Partial<AutoscalerSettings>, { path, value }: Given): void {
  const keys = path.split('.');
  let at = settings as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  at[keys.at(-1)!] = value;
}

function complete(settings: Partial<AutoscalerSettings>, given: Given[]): AutoscalerSettings {
  const { min, max, scaleStrategies = [] } = settings;
  const example = 'for example -Dmin=1 -Dmax=5 -Dstrategies.qps=10';
  for (const [name, value] of Object.entries({ min, max }))
    if (value === undefined) throw usageError('MissingField', `The autoscaler needs "${name}"`, example);
  if (scaleStrategies.length === 0)
    throw usageError('MissingField', 'The autoscaler needs at least one strategy', example);
  if (max! <= min!) {
    const what = `max (${max}) must be greater than min (${min})`;
    const last = given.findLast(({ path }) => path === 'max' || path === 'min');
    throw last ? last.fail(what) : usageError('InvalidField', what);
  }
  return settings as AutoscalerSettings;
}
