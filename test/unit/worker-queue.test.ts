import { describe, expect, test } from 'bun:test';
import { Dispatcher, type Taker } from '../../src/worker/queue/dispatcher.ts';
import type { Job, Reply } from '../../src/worker/queue/job.ts';
import { replies } from '../../src/worker/queue/replies.ts';
import { TimeoutLog } from '../../src/worker/queue/timeouts.ts';

const BODY = new Uint8Array([1]);

class Thread implements Taker {
  readonly jobs: Job[] = [];
  take(job: Job): void {
    this.jobs.push(job);
  }
}

function queueOf(threads: number, maxQueueSize: number, keepaliveMs = 60_000) {
  const dispatcher = new Dispatcher(maxQueueSize, keepaliveMs);
  dispatcher.ready = true;
  const thread = new Thread();
  for (let count = 0; count < threads; count++) dispatcher.freed(thread);
  const answers: Reply[] = [];
  const ask = () => {
    const job = dispatcher.begin((reply) => answers.push(reply));
    dispatcher.submit(job, BODY);
    return job;
  };
  return { dispatcher, thread, answers, ask };
}

describe('the queue', () => {
  test('runs 5, lets 64 wait, refuses the 70th at once', () => {
    const { dispatcher, thread, answers, ask } = queueOf(5, 64);
    for (let count = 0; count < 69; count++) ask();
    expect([thread.jobs.length, answers.length]).toEqual([5, 0]);
    expect(dispatcher.counters()).toEqual({ requests: 69, inFlight: 69, queued: 64 });
    ask();
    expect(answers).toEqual([replies.queueFull]);
    dispatcher.close();
  });

  test('is first in, first out, through thousands of requests', () => {
    const { dispatcher, thread, ask } = queueOf(1, 10_000);
    const jobs = Array.from({ length: 5000 }, ask);
    for (let at = 0; at < jobs.length - 1; at++) {
      dispatcher.finish(thread.jobs[at]!, { status: 200, body: '' });
      dispatcher.freed(thread);
    }
    expect(thread.jobs).toEqual(jobs);
    dispatcher.close();
  });

  test('one that leaves makes room, and is never run', () => {
    const { dispatcher, thread, answers, ask } = queueOf(1, 1);
    const running = ask();
    const waiting = ask();
    dispatcher.abandon(waiting);
    expect(dispatcher.counters().queued).toBe(0);
    const next = ask();
    expect(answers).toEqual([replies.reset]);
    dispatcher.finish(running, { status: 200, body: '' });
    dispatcher.freed(thread);
    expect(thread.jobs).toEqual([running, next]);
    dispatcher.close();
  });

  test('the limit counts from the beginning, and frees no thread that still computes', async () => {
    const { dispatcher, thread, answers, ask } = queueOf(1, 5, 30);
    ask();
    ask();
    await Bun.sleep(60);
    expect(answers).toEqual([replies.timeout, replies.timeout]);
    expect(dispatcher.counters()).toMatchObject({ inFlight: 0, queued: 0 });
    ask();
    expect(thread.jobs).toHaveLength(1);
    dispatcher.close();
  });

  test('whenIdle waits for the last one', async () => {
    const { dispatcher, ask } = queueOf(2, 0);
    const jobs = [ask(), ask()];
    let idle = false;
    const waiting = dispatcher.whenIdle().then(() => {
      idle = true;
    });
    dispatcher.finish(jobs[0]!, { status: 200, body: '' });
    await Promise.resolve();
    expect(idle).toBe(false);
    dispatcher.finish(jobs[1]!, { status: 200, body: '' });
    await waiting;
    expect(idle).toBe(true);
    dispatcher.close();
  });

  test('a processor that is gone leaves nobody waiting', () => {
    const { dispatcher, answers, ask } = queueOf(0, 5);
    ask();
    ask();
    dispatcher.ready = false;
    dispatcher.failWaiting();
    ask();
    expect(answers).toEqual([replies.reset, replies.reset, replies.notReady]);
    dispatcher.close();
  });

  test('keeps what comes while the processor is replaced for the one that follows', async () => {
    const { dispatcher, thread, answers, ask } = queueOf(2, 5);
    const running = ask();
    dispatcher.hold();
    const none = dispatcher.whenNoneRuns();
    ask();
    dispatcher.freed(thread);
    expect(thread.jobs).toEqual([running]);
    dispatcher.finish(running, { status: 200, body: '' });
    await none;
    dispatcher.isDraining = false;
    const next = new Thread();
    dispatcher.freed(next);
    expect([next.jobs.length, answers.length]).toEqual([1, 1]);
    dispatcher.close();
  });
});

test('the log is told of timeouts once a second at most, and of threads that go on', () => {
  const lines: string[] = [];
  let now = 0;
  const dispatcher = { overdue: 0, keepaliveMs: 3000 };
  const log = new TimeoutLog(
    dispatcher,
    (line) => lines.push(line),
    () => now,
  );
  log.timedOut();
  dispatcher.overdue = 2;
  log.timedOut();
  log.timedOut();
  now = 1000;
  log.timedOut();
  expect(lines).toEqual([
    '1 request over rpc.keepalive (3000 ms): answered 408',
    '3 requests over rpc.keepalive (3000 ms): answered 408; 2 threads still busy with such requests',
  ]);
});

test('a thread is overdue from the 408 of its request to its answer', async () => {
  const { dispatcher, thread, answers, ask } = queueOf(1, 1, 20);
  const timedOut = new Promise<void>((resolve) => {
    dispatcher.onTimeout = resolve;
  });
  ask();
  await timedOut;
  expect([answers, dispatcher.overdue]).toEqual([[replies.timeout], 1]);
  dispatcher.finish(thread.jobs[0]!, { status: 200, body: '' });
  expect([answers.length, dispatcher.overdue]).toEqual([1, 0]);
  dispatcher.close();
});
