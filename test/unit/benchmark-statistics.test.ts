import { describe, expect, test } from 'bun:test';
import type { AgentSecond } from '../../src/core/benchmark/agent.ts';
import { Histogram } from '../../src/core/benchmark/histogram.ts';
import { Statistics } from '../../src/local/benchmark/statistics.ts';

/** The same sequence in every run. */
function* draws(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

const sample = (count: number, seed: number, most: number) => {
  const random = draws(seed);
  // Squares: most are short, a few are long, as response times are.
  return Array.from({ length: count }, () => Math.floor(random.next().value! ** 2 * most));
};

/** Nearest rank, by sorting everything. */
function naive(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1] ?? 0;
}

const filled = (values: number[]) => {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
};

describe('the histogram against sorting everything', () => {
  test.each([
    [1, 1, 1000],
    [10, 2, 200],
    [1000, 3, 255],
    [1000, 4, 3_000_000],
    [100_000, 5, 20_000_000],
  ])('%d values, seed %d, up to %d µs', (count, seed, most) => {
    const values = sample(count, seed, most);
    const histogram = filled(values);
    expect(histogram.count).toBe(count);
    expect(histogram.min).toBe(Math.min(...values.slice(0, 100_000)));
    expect(histogram.max).toBe(naive(values, 100));
    expect(histogram.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / count, 6);
    for (const percent of [1, 10, 50, 90, 99, 99.9, 100]) {
      const exact = naive(values, percent);
      // Exact up to 255 µs, half of 1/128 off above.
      expect(Math.abs(histogram.percentile(percent) - exact)).toBeLessThanOrEqual(
        exact < 256 ? 0 : exact / 256,
      );
    }
  });

  test('nothing was added', () => {
    const empty = new Histogram();
    expect([empty.count, empty.min, empty.max, empty.mean, empty.percentile(99)]).toEqual([0, 0, 0, 0, 0]);
  });

  test('a value beyond all counters is the largest there is', () => {
    expect(filled([2 ** 40, -5]).max).toBe(2 ** 32 - 1);
    expect(filled([2 ** 40, -5]).min).toBe(0);
  });

  test('histograms put together say what one of everything says', () => {
    const [first, second] = [sample(5000, 6, 1_000_000), sample(300, 7, 9_000_000)];
    const merged = new Histogram();
    for (const part of [first, [], second]) merged.merge(JSON.parse(JSON.stringify(filled(part).pack())));
    expect(merged.pack()).toEqual(filled([...first, ...second]).pack());
    expect(merged.count).toBe(5300);
  });

  test('ranges count each value once', () => {
    const values = sample(2000, 8, 200);
    const bounds = [50, 100, 150, 200];
    const exact = bounds.map(
      (bound, at) => values.filter((value) => value <= bound && value > (bounds[at - 1] ?? -1)).length,
    );
    expect(filled(values).countUpTo(bounds)).toEqual(exact);
  });
});

const second = (at: number, codes: Record<string, number>, times: number[] = []): AgentSecond => ({
  at,
  codes,
  sentBytes: 10 * times.length,
  receivedBytes: 100 * times.length,
  times: filled(times).pack(),
});

describe('the statistics of a run', () => {
  test('seconds of several agents come together, late ones too', () => {
    const statistics = new Statistics();
    statistics.add(second(1000, { 200: 2 }, [1000, 3000]));
    statistics.add(second(1001, { 200: 1 }, [5000]));
    statistics.add(second(1000, { 200: 1, 512: 1 }, [2000]));
    const report = statistics.report(2);
    expect(report.TimestampList).toEqual([1000, 1001]);
    expect(report.QPSList).toEqual([4, 1]);
    expect(report.TrafficList).toEqual([
      { Send: 30, Receive: 300 },
      { Send: 10, Receive: 100 },
    ]);
    expect(report.RTList[1]).toEqual({ AVG: 5, TP100: 5, TP99: 5, TP90: 5, TP50: 5, TP10: 5 });
    expect(report.RTList[0]!.TP100).toBe(3);
    expect(report.StatusCode).toEqual({ 200: 4, 512: 1 });
    expect([report.Count, report.Total, report.QPS]).toEqual([5, 2, 2.5]);
    expect([report.MinRT, report.AvgRT, report.MaxRT]).toEqual([1, 2.75, 5]);
    expect([report.TotalSend, report.TotalReceive]).toEqual([40, 400]);
    expect(report.RTDistribution.map(({ Percentage }) => Percentage)).toEqual([10, 25, 50, 75, 90, 95, 99]);
    expect(report.RTDistribution.at(-1)!.Latency).toBe(5);
    expect(report.RTHistogram).toHaveLength(10);
    expect(report.RTHistogram.reduce((sum, { Count }) => sum + Count, 0)).toBe(4);
    expect(report.RTHistogram.at(-1)).toEqual({ Count: 1, Mark: 5, Frequency: 0.25 });
  });

  test('memory does not grow with the requests: twenty minutes are one row a second', () => {
    const statistics = new Statistics();
    for (let at = 0; at < 1200; at++)
      for (let agent = 0; agent < 4; agent++)
        statistics.add({ ...second(5000 + at, { 200: 10_000 }, [at + 1]), sentBytes: 1 });
    const report = statistics.report(1200);
    expect(report.TimestampList).toHaveLength(1200);
    expect(report.TimestampList.at(-1)).toBe(6199);
    expect(new Set(report.QPSList)).toEqual(new Set([40_000]));
    expect(JSON.stringify(report).length).toBeLessThan(300_000);
  });

  test('a step is what came since the last one; requests without 2xx are faults', () => {
    const statistics = new Statistics();
    for (const at of [1, 2])
      for (const _agent of ['a', 'b'])
        statistics.add(second(at, { 200: 40, 204: 5, 404: 3, 512: 2 }, [8000]));
    expect(statistics.takeStep(2)).toEqual({ qps: 100, tp99: 8, faults: 0.1 });
    expect(statistics.takeStep(2)).toBeUndefined();
  });

  test('an empty report has all fields', () => {
    expect(new Statistics().report(0)).toMatchObject({
      QPSList: [],
      Count: 0,
      QPS: 0,
      MaxRT: 0,
      RTHistogram: [],
    });
  });
});
