import type { FieldNodes, ObjectNode } from './check.ts';
import type { Member } from './parse.ts';
import type { Source } from './source.ts';
import { nameProblem, presetProblem, presetWarning } from './values.ts';

/** Rules that look at several fields at once (eascmd.md 3.3): what a new service must say. */
export function requireForCreate(source: Source, root: ObjectNode, found: FieldNodes): void {
  const missing = (at: number, what: string, hint: string) => source.error('MissingField', at, what, hint);
  if (!found.has('name') && !found.has('metadata.name'))
    throw missing(root.at, 'the field "name" is missing', 'Add "name": "my_service".');
  requireProcessor(source, root, found);
  const metadata = found.get('metadata');
  const instanceHint = 'Add "metadata": {"instance": 1, "cpu": 1}.';
  if (!metadata) throw missing(root.at, 'the field "metadata" is missing', instanceHint);
  if (!found.has('metadata.instance'))
    throw missing(metadata.value.at, 'the field metadata.instance is missing', 'Add "instance": 1.');
  requireAutoscaler(source, found);
}

function requireAutoscaler(source: Source, found: FieldNodes): void {
  const names = ['min', 'max', 'strategies'];
  const given = names.map((name) => found.get(`autoscaler.${name}`)).find((member) => member);
  const absent = names.find((name) => !found.has(`autoscaler.${name}`));
  if (given && absent)
    throw source.error(
      'MissingField',
      given.keyAt,
      `autoscaler.${absent} is missing`,
      'For example "autoscaler": {"min": 1, "max": 5, "strategies": {"qps": 10}}.',
    );
}

/** Under `test` nothing is deployed, so only the processor has to be there, and one that needs no cloud. */
export function requireForTest(source: Source, root: ObjectNode, found: FieldNodes): void {
  if (!found.has('name') && !found.has('metadata.name'))
    throw source.error('MissingField', root.at, 'the field "name" is missing', 'Add "name": "my_service".');
  const preset = found.get('processor');
  const foreign = preset ?? found.get('containers');
  if (foreign)
    throw source.error(
      'ProcessorNotLocal',
      foreign.keyAt,
      `${preset ? `the preset processor "${text(preset)}"` : '"containers"'} can't be run by eascmd test: only the cloud service has it`,
      'Test runs cpp, java and python processors given by "processor_path".',
    );
  requireProcessor(source, root, found);
  if (!found.has('processor_path'))
    throw source.error(
      'MissingField',
      root.at,
      'the field "processor_path" is missing',
      'Add "processor_path": "./processor.tar.gz", a package or folder beside this file.',
    );
}

function requireProcessor(source: Source, root: ObjectNode, found: FieldNodes): void {
  const missing = (at: number, what: string, hint: string) => source.error('MissingField', at, what, hint);
  const preset = found.get('processor');
  const custom = found.get('processor_path') ?? found.get('processor_type');
  const managed = ['containers', 'metadata.type', 'aimaster'].some((path) => found.has(path));
  if (!preset && !custom && !managed)
    throw missing(
      root.at,
      'the service has no processor',
      'Add "processor" with a preset code such as "pmml", or "processor_path", "processor_type" and "processor_entry".',
    );
  if (preset && !found.has('model_path') && !found.has('storage'))
    throw missing(
      root.at,
      'the field "model_path" is missing',
      'A preset processor needs a model: add "model_path".',
    );
  const type = found.get('processor_type');
  const typeName = text(type);
  if (type && typeName === 'java' && !found.has('processor_mainclass'))
    throw missing(
      type.keyAt,
      'a java processor needs "processor_mainclass"',
      'Add "processor_mainclass": "com.example.MyProcessor".',
    );
  if (type && (typeName === 'cpp' || typeName === 'python') && !found.has('processor_entry'))
    throw missing(
      type.keyAt,
      `a ${typeName} processor needs "processor_entry"`,
      `Add "processor_entry": "${typeName === 'cpp' ? 'libprocessor.so' : './app.py'}".`,
    );
}

/** Rules for values that are present, in new and in partial documents. */
export function checkValues(source: Source, found: FieldNodes, warnings: string[]): void {
  for (const path of ['name', 'metadata.name']) checkName(source, found.get(path));
  const name = text(found.get('name'));
  const inner = found.get('metadata.name');
  if (name !== undefined && inner && text(inner) !== name)
    throw source.error(
      'InvalidField',
      inner.value.at,
      `metadata.name is "${text(inner)}" but name is "${name}"`,
      'Keep one of them.',
    );
  checkPreset(source, found.get('processor'), warnings);
  const min = found.get('autoscaler.min');
  const max = found.get('autoscaler.max');
  if (min && max && number(min) > number(max))
    throw source.error('InvalidField', max.value.at, `autoscaler.max must be at least autoscaler.min`);
}

function checkName(source: Source, member: Member | undefined): void {
  const name = text(member);
  const problem = name === undefined ? undefined : nameProblem(name);
  if (member && problem)
    throw source.error('InvalidServiceName', member.value.at, problem.what, problem.hint);
}

function checkPreset(source: Source, member: Member | undefined, warnings: string[]): void {
  const code = text(member);
  if (!member || code === undefined) return;
  const problem = presetProblem(code);
  if (problem) throw source.error('UnknownProcessor', member.value.at, problem.what, problem.hint);
  const { line, column } = source.position(member.value.at);
  const warning = presetWarning(code);
  if (warning) warnings.push(`${source.fileName}:${line}:${column}: ${warning}`);
}

function text(member: Member | undefined): string | undefined {
  return member?.value.kind === 'string' ? member.value.value : undefined;
}

function number(member: Member): number {
  return member.value.kind === 'number' ? member.value.value : Number.NaN;
}
