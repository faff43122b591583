import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import { mergeAutoscaler, readAutoscaler, settingsOf } from '../../src/core/scaling/autoscaler.ts';

const D = (...assignments: string[]) => readAutoscaler({ assignments });
const F = (text: string, ...assignments: string[]) =>
  readAutoscaler({ file: { text, name: 'auto.json' }, assignments });

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof EasError && error.exit === 2) return `${error.message} | ${error.hint ?? ''}`;
    throw error;
  }
  return 'nothing was wrong';
}

describe('what an autoscaler is asked to be', () => {
  test('-D becomes the body of the API', () => {
    const input = D('min=1', 'max=5', 'strategies.qps=10', 'strategies.gpu[util]=0.5');
    expect(mergeAutoscaler(input)).toEqual({
      min: 1,
      max: 5,
      scaleStrategies: [
        { metricName: 'qps', threshold: 10 },
        { metricName: 'gpu[util]', threshold: 0.5 },
      ],
    });
  });

  test('a file with the example of eascmd.md 3.7 and -D above it', () => {
    const input = F(
      '{"min":2,"max":5, # comment\n"strategies":{"qps":10},"behavior":{"scaleDown":{"stabilizationWindowSeconds":60}},}',
      'max=9',
      'behavior.onZero.scaleUpActivationReplicas=2',
    );
    expect(mergeAutoscaler(input)).toEqual({
      min: 2,
      max: 9,
      scaleStrategies: [{ metricName: 'qps', threshold: 10 }],
      behavior: {
        scaleDown: { stabilizationWindowSeconds: 60 },
        onZero: { scaleUpActivationReplicas: 2 },
      },
    });
  });

  test('the form of the API is taken too', () => {
    const text =
      '{"min":0,"max":1,"scaleStrategies":[{"metricName":"cpu","threshold":50,"service":"other"}]}';
    expect(mergeAutoscaler(F(text)).scaleStrategies).toEqual([
      { metricName: 'cpu', threshold: 50, service: 'other' },
    ]);
  });

  test('-D alone changes the autoscaler that is set', () => {
    const current = settingsOf({
      RequestId: '',
      ServiceName: 's',
      MinReplica: 1,
      MaxReplica: 5,
      ScaleStrategies: [
        { metricName: 'QPS', threshold: 10, service: 's' },
        { metricName: 'CPU', threshold: 60, service: 'front' },
      ],
      Behavior: { scaleUp: { stabilizationWindowSeconds: 0 } },
    });
    expect(mergeAutoscaler(D('max=8', 'strategies.qps=20'), current)).toEqual({
      min: 1,
      max: 8,
      scaleStrategies: [
        { metricName: 'qps', threshold: 20 },
        { metricName: 'cpu', threshold: 60, service: 'front' },
      ],
      behavior: { scaleUp: { stabilizationWindowSeconds: 0 } },
    });
    expect(failure(() => mergeAutoscaler(D('max=1'), current))).toContain(
      '-Dmax: max (1) must be greater than min (1)',
    );
  });

  test('a metric that is not known is passed on with a warning', () => {
    expect(D('strategies.queue_length=5').warnings[0]).toContain('"queue_length"');
  });
});

describe('every mistake is found before anything is sent', () => {
  test.each([
    [['min'], '-Dmin: "=" is missing', '-Dmin=1'],
    [['min=x'], '-Dmin: min must be a whole number from 0 to 1000, not "x"', ''],
    [['min=-1'], '-Dmin: min must be a whole number', ''],
    [['min=1.5'], '-Dmin: min must be a whole number', ''],
    [['min=2000'], '-Dmin: min must be', ''],
    [['max='], '-Dmax: max must be', ''],
    [['mn=1'], '-Dmn: unknown field "mn"', 'Did you mean "min"?'],
    [['replicas=1'], '-Dreplicas: unknown field', 'Known: min, max'],
    [['strategies=5'], '-Dstrategies: unknown field', 'strategies.<metric>'],
    [['strategies.qps=0'], 'strategies.qps must be a number above 0', ''],
    [['strategies.qps=many'], 'strategies.qps must be a number above 0', ''],
    [['strategies.qsp=5'], 'unknown metric "qsp"', 'Did you mean "qps"?'],
    [['behavior.scaleup.stabilizationWindowSeconds=5'], 'unknown field', 'behavior.scaleUp.stabilization'],
    [['behavior.scaleUp.stabilizationWindowSeconds=-5'], 'a whole number from 0', ''],
    [['min=5', 'max=2', 'strategies.qps=1'], 'max (2) must be greater than min (5)', ''],
    [['min=5', 'max=5', 'strategies.qps=1'], 'max (5) must be greater than min (5)', ''],
  ])('%j', (assignments, what, hint) => {
    const said = failure(() => D(...assignments));
    expect(said).toContain(what);
    expect(said).toContain(hint);
  });

  test.each([
    ['[1]', 'auto.json:1:1', 'an object'],
    ['{"max":5,"strategies":{"qps":1}}', '"min"', '-Dmin=1'],
    ['{"min":1,"strategies":{"qps":1}}', '"max"', '-Dmax=5'],
    ['{"min":1,"max":5}', 'at least one strategy', 'strategies.qps=10'],
    ['{"min":1,"max":5,"strategies":{}}', 'at least one strategy', ''],
    ['{"min":1,\n"max":0,"strategies":{"qps":1}}', 'auto.json:2:7', 'from 1 to 1000'],
    ['{"min":3,\n"max":2,"strategies":{"qps":1}}', 'auto.json:2:7', 'greater than min (3)'],
    ['{"min":"1","max":2}', 'auto.json:1:8', 'a whole number'],
    ['{"min":1,"maxx":2}', 'auto.json:1:10', 'Did you mean "max"?'],
    ['{"min":1,"max":2,"strategies":5}', 'auto.json:1:31', 'strategies must be an object'],
    ['{"min":1,"max":2,"strategies":{"qps":-5}}', 'auto.json:1:38', 'above 0'],
    ['{"min":1,"max":2,"scaleStrategies":{}}', 'auto.json:1:36', 'must be a list'],
    ['{"min":1,"max":2,"scaleStrategies":[5]}', 'auto.json:1:37', 'must be an object'],
    ['{"min":1,"max":2,"scaleStrategies":[{"metricName":"qps"}]}', 'auto.json:1:37', 'threshold" is missing'],
    ['{"min":1,"max":2,"scaleStrategies":[{"metric":"qps"}]}', 'auto.json:1:38', 'unknown field "metric"'],
    ['{"min":1,"max":2,"behavior":{"scaleUp":5}}', 'auto.json:1:40', 'behavior.scaleUp must be an object'],
    ['{"min":1,', 'auto.json:1:10', 'the file ends'],
  ])('%s', (text, place, what) => {
    const said = failure(() => F(text));
    expect(said).toContain(place);
    expect(said).toContain(what);
  });
});
