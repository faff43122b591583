import { describe, expect, test } from 'bun:test';
import { readBenchmark, readUpdate } from '../../src/core/benchmark/document.ts';
import { EasError } from '../../src/core/errors.ts';
import { maskSecrets } from '../../src/ui/masking.ts';

/** The sample of the vendor's page (eascmd.md 3.6), with what its samples are known for: comments and a trailing comma. */
const sample = `{
  "service": { "serviceName": "xgb_test" }, # the service
  "data": { "content": "W1sxLDAsMV1d" },
  "optional": { "mode": "manual", "duration": 1200, "agentCount": 2, "concurrency": 4, },
}`;
const doc = (more: object) =>
  JSON.stringify({ service: { serviceName: 's' }, data: { content: 'YQ==' }, ...more });

function failure(work: () => unknown): EasError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EasError);
    return error as EasError;
  }
  throw new Error('it was accepted');
}

test('a document is taken as it stands', () => {
  expect(readBenchmark(sample, 'bench.json')).toEqual({
    document: {
      service: { serviceName: 'xgb_test' },
      data: { content: 'W1sxLDAsMV1d' },
      optional: { mode: 'manual', duration: 1200, agentCount: 2, concurrency: 4 },
    },
    warnings: [],
  });
});

test('names are read whatever their case, as the SDK sample writes maxRt', () => {
  const text = doc({ optional: { maxRt: 100 } });
  expect(readBenchmark(text, 'b').document.optional).toEqual({ maxRt: 100 });
  expect(failure(() => readBenchmark(doc({ optional: { maxRt: -1 } }), 'b')).message).toContain(
    'optional.maxRT must be a number above 0',
  );
});

test('the example is one, without a warning', async () => {
  const file = `${import.meta.dir}/../../examples/digits/bench.json`;
  const { document, warnings } = readBenchmark(await Bun.file(file).text(), file);
  expect([document.data, warnings]).toEqual([{ path: 'heldout.jsonl', multiLine: true }, []]);
});

describe('what is wrong is named with its place', () => {
  test.each([
    ['{"data":{"content":"YQ=="}}', 'b:1:1', 'service.serviceName is missing'],
    ['{"service":{},"data":{"content":"YQ=="}}', 'b:1:12', 'service.serviceName is missing'],
    ['{"service":{"serviceName":""},"data":{}}', 'b:1:27', 'serviceName must be the name of a service'],
    ['{"service":{"serviceName":"s"}}', 'b:1:1', 'no data to send'],
    ['{"service":{"serviceName":"s"},"data":{"multiLine":true}}', 'b:1:39', 'no data to send'],
    [doc({ data: { content: 'a?' } }), 'b:1:', 'no base64'],
    [doc({ data: { content: 'YQ==', path: 'http://x/y' } }), 'b:1:', 'were both given'],
    [doc({ data: { path: 'http://x/y,,' } }), 'b:1:', 'empty address'],
    [doc({ data: { content: 'YQ==', multiline: 'yes' } }), 'b:1:', 'data.multiLine must be true or false'],
    [doc({ http: { timeout: 0 } }), 'b:1:', 'http.timeout must be a whole number of at least 1'],
    [doc({ http: { headers: ['x'] } }), 'b:1:', 'http.headers[0] has no ":"'],
    [doc({ http: { headers: ['ok:1', 'b d:1'] } }), 'b:1:', 'http.headers[1] has the name "b d"'],
    [doc({ http: { headers: ['Content-Length: 3'] } }), 'b:1:', 'sets Content-Length'],
    [doc({ http: { headers: ['a: b\r\nc: d'] } }), 'b:1:', 'holds a line break'],
    [
      doc({ optional: { duration: 1201 } }),
      'b:1:',
      'duration must be a whole number from 1 to 1200, not 1201',
    ],
    [doc({ optional: { duration: '60' } }), 'b:1:', 'duration must be a whole number'],
    [doc({ optional: { mode: 'Auto' } }), 'b:1:', 'mode must be one of "auto", "scan", "manual", not "Auto"'],
    [doc({ optional: { faultAction: 'halt' } }), 'b:1:', 'one of "stop", "revise"'],
    [doc({ optional: { faultTolerate: 1.5 } }), 'b:1:', 'from 0 to 1'],
    [doc({ optional: { minQPS: 300, maxQPS: 200 } }), 'b:1:', 'maxQPS (200) is below optional.minQPS (300)'],
    [doc({ base: { duration: 60 }, optional: { duration: 61 } }), 'b:1:', 'differ'],
    [doc({ optional: { concurrency: 0 } }), 'b:1:', 'concurrency must be a whole number of at least 1'],
    [doc({ optional: [] }), 'b:1:', 'optional must be an object'],
    ['[1]', 'b:1:1', 'an object'],
    ['{"service"', 'b:1:11', 'file ends'],
  ])('%s', (text, place, what) => {
    const error = failure(() => readBenchmark(text, 'b'));
    expect(error.exit).toBe(2);
    expect(error.message).toStartWith(place);
    expect(error.message).toContain(what);
  });

  test.each([
    [
      doc({ optional: { concurency: 4 } }),
      'unknown field "concurency" in optional',
      'Did you mean "concurrency"?',
    ],
    [doc({ optoinal: {} }), 'unknown field "optoinal"', 'Did you mean "optional"?'],
    [doc({ concurrency: 4 }), '"concurrency" must stand inside "base"', '"base"'],
    [doc({ optional: { timeout: 4 } }), '"timeout" must stand inside "http"', '"http"'],
  ])('%s', (text, what, hint) => {
    const error = failure(() => readBenchmark(text, 'b'));
    expect(error.message).toContain(what);
    expect(error.hint).toContain(hint);
  });
});

test('what nobody here knows is passed on with a warning, and so is what the mode has no use for', () => {
  const { document, warnings } = readBenchmark(
    doc({ llm: { dataset: 'x' }, optional: { concurrency: 4, qpsGrowthDelta: 10 } }),
    'b',
  );
  expect(document.llm).toEqual({ dataset: 'x' });
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toMatch(/^b:1:\d+: "llm" is not a field known here/);
  expect(warnings[1]).toContain('optional.concurrency is for mode manual; this is auto');
  expect(warnings[2]).toContain('optional.qpsGrowthDelta is for mode scan; this is auto');
});

describe('update -D', () => {
  test('makes the document that is sent', () => {
    expect(readUpdate(['optional.concurrency=4', 'optional.agentCount= 2', 'base.qps=1.5'])).toEqual({
      optional: { concurrency: 4, agentCount: 2 },
      base: { qps: 1.5 },
    });
    expect(readUpdate([])).toEqual({});
  });

  test.each([
    ['optional.concurrency', '"=" is missing', 'optional.concurrency=4'],
    ['optional.concurrency=0', 'must be a whole number of at least 1, not 0', undefined],
    ['optional.concurrency=four', 'not "four"', undefined],
    ['optional.concurency=4', "can't be changed", 'Did you mean "optional.concurrency"?'],
    ['optional.mode=scan', "can't be changed", 'optional.agentCount'],
    ['concurrency=4', "can't be changed", 'base.concurrency'],
  ])('%s is refused', (assignment, what, hint) => {
    const error = failure(() => readUpdate([assignment]));
    expect([error.exit, error.message]).toEqual([2, expect.stringContaining(what)]);
    if (hint) expect(error.hint).toContain(hint);
  });
});

test('tokens and authorising headers are masked wherever a document is shown', () => {
  const document = {
    service: { serviceName: 's', requestToken: 'secret-1' },
    http: { headers: ['Authorization: secret-2', 'token:secret-3', 'X-Trace: on'] },
  };
  const shown = JSON.stringify(maskSecrets(document));
  expect(shown).not.toContain('secret-');
  expect(shown).toContain('X-Trace: on');
});
