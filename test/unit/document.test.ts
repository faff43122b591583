import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import { applyAssignments, classifyChange, readServiceDocument } from '../../src/core/service/document.ts';

const read = (text: string, purpose: 'create' | 'modify' = 'create') =>
  readServiceDocument(text, 'service.json', purpose);

function failure(run: () => unknown): EasError {
  try {
    run();
  } catch (error) {
    if (error instanceof EasError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const minimal = {
  name: 'echo',
  processor: 'pmml',
  model_path: 'http://x/model.pmml',
  metadata: { instance: 1 },
};
const withFields = (fields: object) => JSON.stringify({ ...minimal, ...fields });

describe('what the manual writes is read', () => {
  test('comments, trailing commas, text booleans and a byte order mark', () => {
    const { document, warnings } = read(`\uFEFF# written by a DataWorks node
{
  "name": "echo",   #service name, with "quotes"
  "generate_token": "true",
  "model_path": "http://x.com/a#b.tar.gz", // address with a #
  "processor": "tensorflow_cpu_1.12",
  "metadata": {
    "instance": 1, #count
    "cpu": 1 #cores
  },
}
`);
    expect(warnings).toEqual([]);
    expect(document).toEqual({
      name: 'echo',
      generate_token: 'true',
      model_path: 'http://x.com/a#b.tar.gz',
      processor: 'tensorflow_cpu_1.12',
      metadata: { instance: 1, cpu: 1 },
    });
  });

  test.each([
    ['dotted rpc', { metadata: { instance: 1, 'rpc.keepalive': 5000 } }],
    ['nested rpc', { metadata: { instance: 1, rpc: { keepalive: 5000, batching: 'false' } } }],
    ['dotted eas', { metadata: { instance: 1, 'eas.termination_grace_period': 30 } }],
    ['model_config as text', { model_config: '{"type":"classifier"}' }],
    ['model_config as object', { model_config: { model: 'a', weight: 'b' } }],
    ['rolling strategy in percent', { metadata: { instance: 1, rolling_strategy: { max_surge: '2%' } } }],
    ['labels of any name', { labels: { instnace: 'x' } }],
    ['fractional cpu', { metadata: { instance: 1, cpu: 0.5 } }],
    ['dotted top-level section', { 'runtime.enable_crash_block': true }],
  ])('%s', (_, fields) => {
    expect(read(withFields(fields))).toEqual({ document: { ...minimal, ...fields }, warnings: [] });
  });

  test('a Python processor without a model, as the template app.json of pysdk', () => {
    const text = `{"name":"pysdk_demo","processor_entry":"./app.py","processor_type":"python",
      "processor_path":"oss://path/to/processor",
      "metadata":{"region":"cn-beijing","instance":1,"memory":2000,"resource":"","cpu":1}}`;
    expect(read(text).warnings).toEqual([]);
  });

  test('a name inside metadata is a name', () => {
    const text = '{"processor":"pmml","model_path":"m","metadata":{"name":"echo","instance":1}}';
    expect(read(text).document).toHaveProperty('metadata.name', 'echo');
  });

  test('the key __proto__ stays data', () => {
    const { document } = read('{"features":{"__proto__":{"x":1}},"metadata":{"instance":2}}', 'modify');
    expect(JSON.stringify(document)).toBe('{"features":{"__proto__":{"x":1}},"metadata":{"instance":2}}');
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('mistakes in the JSON', () => {
  test.each([
    ['missing comma', '{\n  "name": "a"\n  "processor": "pmml"\n}', '2:14', 'expected "," or "}"'],
    ['missing colon', '{"name" "a"}', '1:9', 'expected ":" after "name"'],
    ['unclosed object', '{\n"name": "a"', '2:12', 'the "{" of line 1 is closed'],
    ['unclosed list', '{"a": [1, 2', '1:12', 'the "[" of line 1 is closed'],
    ['unclosed string', '{\n "name": "a\n}', '2:10', 'not closed on its line'],
    ['single quotes', "{'name': 'a'}", '1:2', 'double quotes'],
    ['typographic quotes', '{“name”: "a"}', '1:2', 'typographic quote'],
    ['Python True', '{"generate_token": True}', '1:20', 'True is not JSON'],
    [
      'missing comma',
      '{"name": "echo"\n "processor": "x"}',
      '1:16',
      'expected "," or "}" before "processor"',
    ],
    ['missing comma in a list', '{"processor_params": ["a" "b"]}', '1:26', 'expected "," or "]" before "b"'],
    ['missing comma, open string', '{"name": "echo" "proc', '1:16', 'expected "," or "}" before "proc'],
    ['bare word', '{"name": echo}', '1:10', 'found "echo"'],
    ['bad number', '{"metadata": {"cpu": 1.}}', '1:22', '1. is not a number'],
    ['leading zero', '{"metadata": {"cpu": 01}}', '1:22', 'not a number'],
    ['bad escape', '{"model_path": "C:\\model"}', '1:19', 'unknown escape \\m'],
    ['duplicate key', '{"name": "a",\n "name": "b"}', '2:2', 'given twice (first on line 1)'],
    ['text after the end', '{"name": "a"} }', '1:15', 'after the end'],
    ['empty', '', '1:1', 'the file is empty'],
    ['only a comment', '# nothing', '1:1', 'the file is empty'],
    ['a list', '[1]', '1:1', 'is an object'],
    ['empty object', '\n{}', '2:1', 'is empty'],
    ['UTF-16', '\u0000{\u0000', '1:1', 'not UTF-8'],
    ['Windows line ends', '{\r\n"name": x}', '2:9', 'expected a value'],
    ['nested too deep', `${'['.repeat(100_000)}`, '1:202', 'nested deeper'],
    ['huge integer', '{"labels": {"a": 12345678901234567890}}', '1:18', 'too large'],
  ])('%s', (_, text, place, words) => {
    const error = failure(() => read(text, 'modify'));
    expect(error.exit).toBe(2);
    expect(error.message).toStartWith(`service.json:${place}: `);
    expect(error.message).toContain(words);
  });

  test('the excerpt has a caret under the place, also after Chinese text', () => {
    const error = failure(() => read('{\n\t"name": "名字", "processor" "pmml"\n}'));
    expect(error.detail).toEqual([
      ' "name": "名字", "processor" "pmml"',
      `${' '.repeat(10)}\u3000\u3000${' '.repeat(15)}^`,
    ]);
  });

  test('a very long line is cut around the place', () => {
    const error = failure(() =>
      read(`{"token": "${'x'.repeat(5000)}", "name": nope, "a": "${'y'.repeat(5000)}"}`),
    );
    expect(error.detail[0]!.length).toBeLessThanOrEqual(100);
    expect(error.detail[0]!.slice(error.detail[1]!.length - 1)).toStartWith('nope');
  });
});

describe('mistakes in the fields', () => {
  test.each([
    ['misspelt', { procesor_type: 'cpp' }, 'unknown field "procesor_type"', 'Did you mean "processor_type"?'],
    ['camel case', { modelPath: 'x' }, 'unknown field "modelPath"', 'Did you mean "model_path"?'],
    ['misspelt in metadata', { metadata: { instnace: 1 } }, '"instnace" in metadata', '"instance"'],
    ['misspelt dotted', { metadata: { instance: 1, 'rpc.keepalve': 1 } }, 'rpc.keepalve', '"rpc.keepalive"'],
    [
      'misspelt nested',
      { metadata: { instance: 1, rpc: { keepalve: 1 } } },
      'in metadata.rpc',
      '"keepalive"',
    ],
    ['misplaced up', { instance: 1 }, '"instance" does not belong at the top level', 'inside "metadata"'],
    [
      'misplaced down',
      { metadata: { instance: 1, model_path: 'x' } },
      'not belong in metadata',
      'at the top level',
    ],
    ['dotted from the top', { 'metadata.instance': 1 }, 'must stand inside "metadata"', undefined],
    [
      'both spellings',
      { metadata: { instance: 1, 'rpc.keepalive': 1, rpc: { keepalive: 2 } } },
      'given twice',
      'same field',
    ],
    ['text instance', { metadata: { instance: '2' } }, 'a whole number of at least 0, not "2"', undefined],
    ['negative instance', { metadata: { instance: -1 } }, 'of at least 0, not -1', undefined],
    ['fractional instance', { metadata: { instance: 1.5 } }, 'whole number', undefined],
    ['beyond 32 bits', { metadata: { instance: 2147483648 } }, 'whole number', undefined],
    ['no cpu', { metadata: { instance: 1, cpu: 0 } }, 'a number above 0, not 0', undefined],
    ['memory with a unit', { metadata: { instance: 1, memory: '2000B' } }, 'whole number', undefined],
    [
      'text for a switch',
      { metadata: { instance: 1, 'rpc.batching': 'yes' } },
      'true or false, not "yes"',
      undefined,
    ],
    ['unknown type', { processor_type: 'golang' }, 'one of "cpp", "java", "python"', undefined],
    ['unknown policy', { metadata: { instance: 1, qos: 'Best' } }, 'one of "", "BestEffort"', undefined],
    ['metadata as text', { metadata: 'x' }, 'metadata must be an object', undefined],
    ['rpc as number', { metadata: { instance: 1, rpc: 5 } }, 'metadata.rpc must be an object', undefined],
    ['null', { model_path: null }, 'text in double quotes, not null', undefined],
    ['params', { processor_params: ['a', 1] }, 'a list of strings', undefined],
    ['illegal name', { name: 'My-Service' }, '"My-Service" is not a legal service name', '"my_service"'],
    ['name with a digit first', { name: '1a' }, 'not a legal service name', '"a"'],
    ['empty name', { name: '' }, 'the service name is empty', undefined],
    [
      'two names',
      { metadata: { instance: 1, name: 'other' } },
      'metadata.name is "other" but name is "echo"',
      'Keep one',
    ],
    ['near preset', { processor: 'pmlm' }, '"pmlm" is not a preset processor', 'Did you mean "pmml"?'],
    [
      'near preset with version',
      { processor: 'tensorflow_cpu_1_15' },
      'not a preset',
      '"tensorflow_cpu_1.15"',
    ],
    ['autoscaler bounds', { autoscaler: { min: 5, max: 2 } }, 'autoscaler.max must be at least', undefined],
  ])('%s', (_, fields, words, hint) => {
    const error = failure(() => read(withFields(fields)));
    expect(error.exit).toBe(2);
    expect(error.message).toContain(words);
    if (hint) expect(error.hint).toContain(hint);
  });

  test('fields and presets that nobody here knows are passed on with a warning', () => {
    const text = withFields({ quantum_flux: 1, processor: 'tensorflow_cpu_2.9' });
    const { document, warnings } = read(text);
    expect(document).toMatchObject({ quantum_flux: 1, processor: 'tensorflow_cpu_2.9' });
    expect(warnings).toEqual([
      expect.stringMatching(/^service\.json:1:\d+: unknown field "quantum_flux" at the top level/),
      expect.stringMatching(/^service\.json:1:\d+: "tensorflow_cpu_2\.9" is not among the preset processors/),
    ]);
  });
});

describe('what a new service must say', () => {
  test.each([
    [
      'name',
      '{\n "processor": "pmml", "model_path": "m", "metadata": {"instance": 1}}',
      '1:1',
      '"name" is missing',
    ],
    ['processor', '\n {"name": "a", "metadata": {"instance": 1}}', '2:2', 'has no processor'],
    [
      'model of a preset',
      '{"name": "a", "processor": "pmml", "metadata": {"instance": 1}}',
      '1:1',
      '"model_path" is missing',
    ],
    ['metadata', '{"name": "a", "processor": "pmml", "model_path": "m"}', '1:1', '"metadata" is missing'],
    [
      'instance',
      '{"name": "a", "processor": "pmml", "model_path": "m",\n "metadata": {"cpu": 1}}',
      '2:14',
      'metadata.instance is missing',
    ],
    [
      'cpp entry',
      '{"name": "a", "processor_path": "p", "processor_type": "cpp", "metadata": {"instance": 1}}',
      '1:38',
      'needs "processor_entry"',
    ],
    [
      'python entry',
      '{"name": "a", "processor_path": "p", "processor_type": "python", "metadata": {"instance": 1}}',
      '1:38',
      'needs "processor_entry"',
    ],
    [
      'java class',
      '{"name": "a", "processor_type": "java", "processor_entry": "x.so", "metadata": {"instance": 1}}',
      '1:15',
      'needs "processor_mainclass"',
    ],
  ])('%s', (_, text, place, words) => {
    const error = failure(() => read(text));
    expect(error.exit).toBe(2);
    expect(error.message).toStartWith(`service.json:${place}: `);
    expect(error.message).toContain(words);
    expect(() => read(text, 'modify')).not.toThrow();
  });
});

describe('-D', () => {
  const apply = (document: object, ...assignments: string[]) =>
    applyAssignments(document as Record<string, unknown>, assignments).document;

  test.each<[string, object, string[], object]>([
    ['scale', {}, ['metadata.instance=2'], { metadata: { instance: 2 } }],
    ['several', {}, ['metadata.instance=2', 'metadata.cpu=0.5'], { metadata: { instance: 2, cpu: 0.5 } }],
    [
      'text that looks like a number',
      {},
      ['metadata.cuda=10.0', 'token=123'],
      { metadata: { cuda: '10.0' }, token: '123' },
    ],
    ['quoted text', {}, ['token="a b"'], { token: 'a b' }],
    ['value with =', {}, ['token=YQ=='], { token: 'YQ==' }],
    [
      'empty text',
      { metadata: { resource: 'eas-r-1' } },
      ['metadata.resource='],
      { metadata: { resource: '' } },
    ],
    [
      'rpc in the manual spelling',
      {},
      ['metadata.rpc.keepalive=9000'],
      { metadata: { 'rpc.keepalive': 9000 } },
    ],
    [
      'rpc that is nested already',
      { metadata: { rpc: { batching: true } } },
      ['metadata.rpc.keepalive=9'],
      { metadata: { rpc: { batching: true, keepalive: 9 } } },
    ],
    [
      'rpc that is dotted already',
      { metadata: { 'rpc.keepalive': 1 } },
      ['metadata.rpc.keepalive=9'],
      { metadata: { 'rpc.keepalive': 9 } },
    ],
    ['switch', {}, ['metadata.rpc.batching=true'], { metadata: { 'rpc.batching': true } }],
    ['object', {}, ['model_config={"a":1}'], { model_config: { a: 1 } }],
    ['object as text', {}, ['model_config=plain'], { model_config: 'plain' }],
    ['section', {}, ['metadata.rpc={"keepalive":3}'], { metadata: { rpc: { keepalive: 3 } } }],
    [
      'list by index',
      { containers: [{ image: 'a' }] },
      ['containers[0].image=b', 'containers.1.image=c'],
      { containers: [{ image: 'b' }, { image: 'c' }] },
    ],
    ['new list', {}, ['storage[0].mount_path=/mnt'], { storage: [{ mount_path: '/mnt' }] }],
    ['label', {}, ['labels.team=vision'], { labels: { team: 'vision' } }],
  ])('%s', (_, document, assignments, expected) => {
    expect(apply(document, ...assignments)).toEqual(expected as Record<string, unknown>);
  });

  test('the document given stays as it was', () => {
    const document = { metadata: { instance: 1 } };
    apply(document, 'metadata.instance=2');
    expect(document).toEqual({ metadata: { instance: 1 } });
  });

  test.each([
    ['no value', 'metadata.instance', '"=" is missing'],
    ['no path', '=2', 'is not a path'],
    ['empty segment', 'metadata..instance=2', 'is not a path'],
    ['open bracket', 'containers[0.image=b', 'is not a path'],
    ['wrong type', 'metadata.instance=two', 'must be a whole number of at least 0, not "two"'],
    ['empty number', 'metadata.instance=', 'must be a whole number'],
    ['slip', 'metadata.instnace=2', 'unknown field "instnace" in metadata'],
    ['slip in a section', 'metadata.rcp.keepalive=2', 'unknown field "rcp.keepalive" in metadata'],
    ['misplaced', 'instance=2', '"instance" does not belong at the top level'],
    ['member of text', 'token.x=2', 'token is text in double quotes, it has no fields'],
    ['section as number', 'metadata.rpc=2', 'its value is an object'],
    ['gap in a list', 'containers[3].image=b', 'index 3 is beyond the end of a list of 0'],
    ['name in a list', 'containers.first=b', 'addressed by number'],
  ])('refuses %s', (_, assignment, words) => {
    const error = failure(() => apply({ containers: [] }, assignment));
    expect(error.exit).toBe(2);
    expect(error.message).toContain(words);
  });

  test('an unknown field is set with a warning', () => {
    expect(applyAssignments({}, ['metadata.quantum=on'])).toEqual({
      document: { metadata: { quantum: 'on' } },
      warnings: [expect.stringContaining('-Dmetadata.quantum: unknown field')],
    });
  });
});

test.each<[object, string]>([
  [{ metadata: { instance: 2 } }, 'scale'],
  [{ name: 'echo', metadata: { instance: 2 } }, 'scale'],
  [{ metadata: { instance: 2, cpu: 1 } }, 'config'],
  [{ metadata: { 'rpc.keepalive': 1 } }, 'config'],
  [{ token: 'x' }, 'config'],
  [{ metadata: { instance: 2 }, model_path: 'x' }, 'version'],
  [{ processor_path: 'x' }, 'version'],
  [{ model_config: { a: 1 } }, 'version'],
])('%j is a change of kind %s', (document, kind) => {
  expect(classifyChange(document as Record<string, unknown>)).toBe(kind as 'scale');
});
