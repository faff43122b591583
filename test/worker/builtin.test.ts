import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { Metrics } from '../../src/worker/front/builtin/metrics.ts';
import { needs } from '../support/needs.ts';
import { PYTHON_APP } from './apps.ts';
import { pythonHost, type RunningHost } from './host.ts';

setDefaultTimeout(90_000);

const answer = async (host: RunningHost, path: string, init?: RequestInit) => {
  const response = await fetch(await host.url(`/api/builtin/${path}`), init);
  expect(response.headers.get('content-type')).toStartWith('application/json');
  return [response.status, await response.json()];
};

describe('built-in handlers', () => {
  needs('python3')('ping, prop and realtime_metrics answer JSON, with and without a token', async () => {
    const host = pythonHost(PYTHON_APP, { token: 'secret', properties: { cpu: '1' } });
    expect((await answer(host, 'ping'))[0]).toBe(503);
    await host.event('ready');
    expect(await answer(host, 'ping')).toEqual([200, { status: 'ready' }]);
    expect(await answer(host, 'prop')).toEqual([401, { error: 'token is missing or wrong' }]);
    const headers = { authorization: 'secret' };
    expect(await answer(host, 'prop?x=1', { headers })).toMatchObject([200, { cpu: '1' }]);
    expect((await answer(host, 'tell'))[0]).toBe(404);
  });

  needs('python3')('user code reports metrics to the address it is given; they are read back', async () => {
    const report = '[{"name": "qps", "tags": {"status": "200"}, "value": 20}, {"name": "rt", "value": 1.5}]';
    const app = PYTHON_APP.replace(
      'if verb == b"raise":',
      `if verb == b"report":
            try:
                from urllib.request import Request, urlopen
            except ImportError:
                from urllib2 import Request, urlopen
            return urlopen(Request(os.environ["EASCMD_METRICS_URL"], b'${report}')).read(), 200
        if verb == b"raise":`,
    );
    const host = pythonHost(app, { token: 'secret' });
    await host.event('ready');
    const response = await host.post('report:', { authorization: 'secret' });
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
    const [status, samples] = await answer(host, 'realtime_metrics?internal=true');
    expect([status, samples]).toEqual([
      200,
      [
        { name: 'requests', value: 1 },
        { name: 'in_flight', value: 0 },
        { name: 'queued', value: 0 },
        { name: 'qps', tags: { status: '200' }, value: 20 },
        { name: 'rt', value: 1.5 },
      ],
    ]);
    const post = (body: string) => answer(host, 'realtime_metrics', { method: 'POST', body });
    expect(await post('{}')).toEqual([400, { error: 'the body is no array of metrics' }]);
    expect((await post('x'.repeat(70_000)))[0]).toBe(413);
  });
});

describe('reported metrics', () => {
  test('the latest value of each name and set of tags counts', () => {
    const metrics = new Metrics();
    metrics.report('[{"name": "a", "value": 1, "tags": {"x": "1", "y": "2"}}, {"name": "a", "value": 2}]');
    metrics.report('[{"name": "a", "value": 3, "tags": {"y": "2", "x": "1"}}]');
    expect(metrics.samples().map(({ value }) => value)).toEqual([3, 2]);
  });

  test.each([
    ['nothing', 'the body is no JSON'],
    ['[{"value": 1}]', 'metric 0: name must be text'],
    ['[{"name": "a", "value": 1}, {"name": "b", "value": "1"}]', 'metric 1: value must be a number'],
    ['[{"name": "a", "value": 1, "tags": ["x"]}]', 'metric 0: tags must be an object'],
    ['[{"name": "a", "value": 1, "tags": {"x": 1}}]', 'metric 0: tags must be at most'],
    ['[null]', 'metric 0: name must be text'],
  ])('%s is refused whole', (json, said) => {
    const metrics = new Metrics();
    expect(() => metrics.report(json)).toThrow(said);
    expect(metrics.samples()).toEqual([]);
  });

  test('a flood of names is refused, and the known ones go on', () => {
    const metrics = new Metrics();
    const many = (from: number, count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, at) => ({ name: `n${from + at}`, value: at })));
    metrics.report(many(0, 1000));
    expect(() => metrics.report(many(1000, 1))).toThrow('no more');
    metrics.report('[{"name": "n5", "value": -1}]');
    expect(metrics.samples()).toHaveLength(1000);
  });
});
