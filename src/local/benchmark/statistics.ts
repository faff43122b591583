import type { AgentSecond } from '../../core/benchmark/agent.ts';
import { Histogram } from '../../core/benchmark/histogram.ts';
import type { RawReport, ResponseTimes } from '../../core/benchmark/report.ts';
import type { Measure } from './policy.ts';

const PERCENTAGES = [10, 25, 50, 75, 90, 95, 99];
const BARS = 10;
/** Agents report a second when it is over; one that comes later than this finds it closed. */
const OPEN_SECONDS = 3;

interface Row {
  at: number;
  requests: number;
  times: ResponseTimes;
  send: number;
  receive: number;
}

/** One second that may still grow. */
class OpenSecond {
  requests = 0;
  send = 0;
  receive = 0;
  readonly times = new Histogram();

  constructor(readonly at: number) {}

  add(second: AgentSecond): void {
    this.requests += total(second.codes);
    this.send += second.sentBytes;
    this.receive += second.receivedBytes;
    this.times.merge(second.times);
  }

  row(): Row {
    const { at, requests, send, receive } = this;
    return { at, requests, times: responseTimes(this.times), send, receive };
  }
}

/** All that the agents of one run have counted: one row for each second, and everything together. */
export class Statistics {
  private readonly rows: Row[] = [];
  private open: OpenSecond[] = [];
  private readonly all = new Histogram();
  private readonly codes: Record<string, number> = {};
  private sent = 0;
  private received = 0;
  private step = emptyStep();

  add(second: AgentSecond): void {
    const requests = total(second.codes);
    for (const [code, count] of Object.entries(second.codes))
      this.codes[code] = (this.codes[code] ?? 0) + count;
    this.sent += second.sentBytes;
    this.received += second.receivedBytes;
    this.all.merge(second.times);
    this.step.requests += requests;
    this.step.faults += requests - succeeded(second.codes);
    this.step.times.merge(second.times);
    this.step.reports++;
    this.openSecond(second.at)?.add(second);
  }

  /** What was counted since the last step; each of the agents reports once a second. Undefined while nothing was answered. */
  takeStep(agents: number): Measure | undefined {
    const { requests, faults, times, reports } = this.step;
    if (requests === 0) return undefined;
    this.step = emptyStep();
    return {
      qps: (requests * agents) / reports,
      tp99: ms(times.percentile(99)),
      faults: faults / requests,
    };
  }

  /** openapi.md DescribeBenchmarkTaskReport, RAW; `seconds` is how long the run has taken. */
  report(seconds: number): RawReport {
    const rows = [...this.rows, ...this.open.map((second) => second.row())];
    const count = total(this.codes);
    return {
      TimestampList: rows.map(({ at }) => at),
      QPSList: rows.map(({ requests }) => requests),
      RTList: rows.map(({ times }) => times),
      TrafficList: rows.map(({ send, receive }) => ({ Send: send, Receive: receive })),
      StatusCode: { ...this.codes },
      Count: count,
      Total: seconds,
      MinRT: ms(this.all.min),
      AvgRT: ms(this.all.mean),
      MaxRT: ms(this.all.max),
      QPS: seconds > 0 ? Math.round((count / seconds) * 100) / 100 : 0,
      TotalSend: this.sent,
      TotalReceive: this.received,
      RTDistribution: PERCENTAGES.map((Percentage) => ({
        Latency: ms(this.all.percentile(Percentage)),
        Percentage,
      })),
      RTHistogram: bars(this.all),
    };
  }

  private openSecond(at: number): OpenSecond | undefined {
    const known = this.open.find((second) => second.at === at);
    if (known) return known;
    if (at <= (this.rows.at(-1)?.at ?? 0)) return undefined;
    const fresh = new OpenSecond(at);
    this.open = [...this.open, fresh].sort((a, b) => a.at - b.at);
    const newest = this.open.at(-1)!.at;
    while (this.open[0]!.at <= newest - OPEN_SECONDS) this.rows.push(this.open.shift()!.row());
    return fresh;
  }
}

const emptyStep = () => ({ requests: 0, faults: 0, reports: 0, times: new Histogram() });

const total = (codes: Record<string, number>) => Object.values(codes).reduce((sum, count) => sum + count, 0);

const succeeded = (codes: Record<string, number>) =>
  Object.entries(codes).reduce((sum, [code, count]) => (/^2\d\d$/.test(code) ? sum + count : sum), 0);

/** Microseconds as milliseconds with three digits behind the point. */
const ms = (us: number) => Math.round(us) / 1000;

function responseTimes(times: Histogram): ResponseTimes {
  return {
    AVG: ms(times.mean),
    TP100: ms(times.max),
    TP99: ms(times.percentile(99)),
    TP90: ms(times.percentile(90)),
    TP50: ms(times.percentile(50)),
    TP10: ms(times.percentile(10)),
  };
}

/** Ranges of equal width between the extremes, each with its upper bound. */
function bars(times: Histogram): RawReport['RTHistogram'] {
  if (times.count === 0) return [];
  const width = (times.max - times.min) / BARS;
  const bounds = Array.from({ length: BARS }, (_, at) => times.min + width * (at + 1));
  bounds[BARS - 1] = times.max;
  return times.countUpTo(bounds).map((Count, at) => ({
    Count,
    Mark: ms(bounds[at]!),
    Frequency: Math.round((Count / times.count) * 10_000) / 10_000,
  }));
}
