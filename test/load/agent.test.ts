import { afterEach, describe, expect, test } from 'bun:test';
import net from 'node:net';
import type { AgentCommand, AgentEvent, AgentSecond, AgentSpec } from '../../src/core/benchmark/agent.ts';
import { eachLine } from '../../src/core/process/lines.ts';
import { selfCommand } from '../support/live-local.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** The load generator as a process, against servers of this test. */
const LIMIT_MS = 60_000;
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

class AgentUnderTest {
  readonly events: AgentEvent[] = [];
  private readonly child;
  private readonly read;

  constructor(spec: Partial<AgentSpec> & { url: string }) {
    const folder = temporaryFolder();
    undo.push(() => folder[Symbol.dispose]());
    const files = spec.files ?? [folder.write('body', 'hello')];
    this.child = Bun.spawn([...selfCommand, '__load'], { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' });
    this.read = eachLine(this.child.stdout, (line) => this.events.push(JSON.parse(line)));
    undo.push(() => this.end());
    this.send({
      headers: [['X-Test', 'yes']],
      isMultiLine: false,
      timeoutMs: 20_000,
      pressure: { connections: 2 },
      ...spec,
      files,
    });
  }

  send(message: AgentSpec | AgentCommand): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
    this.child.stdin.flush();
  }

  async until(isThere: (agent: AgentUnderTest) => boolean): Promise<this> {
    while (!isThere(this)) {
      if (this.child.exitCode !== null) throw new Error(`the agent is gone: ${JSON.stringify(this.events)}`);
      await Bun.sleep(10);
    }
    return this;
  }

  has = (type: AgentEvent['type']) => this.events.some((event) => event.type === type);

  /** All that was counted so far. */
  get codes(): Record<string, number> {
    const sum: Record<string, number> = {};
    for (const { codes } of this.seconds)
      for (const [code, count] of Object.entries(codes)) sum[code] = (sum[code] ?? 0) + count;
    return sum;
  }

  get seconds(): AgentSecond[] {
    return this.events.filter((event) => event.type === 'second');
  }

  /** The end of its stdin ends it. */
  async end(): Promise<number> {
    this.child.stdin.end();
    const code = await this.child.exited;
    await this.read;
    return code;
  }
}

interface Seen {
  requests: number;
  inFlight: number;
  mostInFlight: number;
  bodies: Set<string>;
  headers: Headers | undefined;
  sockets: Set<string>;
}

function serve(answer: (body: string) => Response | Promise<Response>) {
  const seen: Seen = {
    requests: 0,
    inFlight: 0,
    mostInFlight: 0,
    bodies: new Set(),
    headers: undefined,
    sockets: new Set(),
  };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request, self) {
      seen.requests++;
      seen.mostInFlight = Math.max(seen.mostInFlight, ++seen.inFlight);
      const { address, port } = self.requestIP(request)!;
      seen.sockets.add(`${address}:${port}`);
      seen.headers = request.headers;
      const body = await request.text();
      seen.bodies.add(`${request.method} ${body}`);
      const reply = await answer(body);
      seen.inFlight--;
      return reply;
    },
  });
  undo.push(() => server.stop(true));
  return { url: `http://127.0.0.1:${server.port}/api/predict/echo`, seen };
}

describe('an agent', () => {
  test(
    'keeps each of its connections busy with one request at a time, and counts what the server counts',
    async () => {
      const { url, seen } = serve((body) => new Response(body));
      const agent = await new AgentUnderTest({ url, pressure: { connections: 3 } }).until(
        ({ codes }) => (codes[200] ?? 0) > 50,
      );
      agent.send({ type: 'stop' });
      await agent.until(() => agent.has('ended'));
      expect(agent.codes).toEqual({ 200: seen.requests });
      expect(seen.mostInFlight).toBeLessThanOrEqual(3);
      expect(seen.sockets.size).toBe(3);
      expect([...seen.bodies]).toEqual(['POST hello']);
      expect(seen.headers!.get('x-test')).toBe('yes');
      const sum = (of: (second: AgentSecond) => number) =>
        agent.seconds.reduce((all, one) => all + of(one), 0);
      const size = `POST /api/predict/echo HTTP/1.1\r\nHost: ${new URL(url).host}\r\nX-Test: yes\r\nContent-Length: 5\r\n\r\nhello`;
      expect(sum(({ sentBytes }) => sentBytes)).toBe(seen.requests * size.length);
      expect(await agent.end()).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    'sends the lines of its data in turn, at the rate it is told, and ends by itself after so many requests',
    async () => {
      const { url, seen } = serve(() => new Response('ok'));
      const folder = temporaryFolder();
      undo.push(() => folder[Symbol.dispose]());
      const began = performance.now();
      const agent = new AgentUnderTest({
        url,
        files: [folder.write('lines', 'a\nb\nc\n')],
        isMultiLine: true,
        pressure: { connections: 10, qps: 50 },
        requests: 60,
      });
      await agent.until(() => agent.has('ended'));
      expect(seen.requests).toBe(60);
      expect(agent.codes).toEqual({ 200: 60 });
      expect([...seen.bodies].sort()).toEqual(['POST a', 'POST b', 'POST c']);
      // Sixty at fifty a second can't take less.
      expect(performance.now() - began).toBeGreaterThan(1150);
    },
    LIMIT_MS,
  );

  test(
    'takes another pressure while it runs',
    async () => {
      const { url, seen } = serve(async () => {
        await Bun.sleep(20);
        return new Response('ok');
      });
      const agent = await new AgentUnderTest({ url, pressure: { connections: 1 } }).until(
        ({ codes }) => (codes[200] ?? 0) > 3,
      );
      expect(seen.mostInFlight).toBe(1);
      agent.send({ type: 'pressure', pressure: { connections: 4 } });
      await agent.until(() => agent.has('pressed') && seen.mostInFlight === 4);
      agent.send({ type: 'pressure', pressure: { connections: 1 } });
      await agent.until(() => agent.events.filter(({ type }) => type === 'pressed').length === 2);
      const { length } = agent.seconds;
      seen.mostInFlight = 0;
      await agent.until(() => agent.seconds.length > length + 2);
      seen.mostInFlight = 0;
      await agent.until(() => agent.seconds.length > length + 3);
      expect(seen.mostInFlight).toBe(1);
    },
    LIMIT_MS,
  );

  test(
    'an answer that does not come in time counts as 512, and the next request has a connection of its own',
    async () => {
      let calls = 0;
      const { url } = serve(async () => {
        if (calls++ % 2 === 0) await Bun.sleep(10_000);
        return new Response('ok');
      });
      const agent = new AgentUnderTest({ url, timeoutMs: 1_000, pressure: { connections: 1 }, requests: 6 });
      await agent.until(() => agent.has('ended'));
      expect(agent.codes).toEqual({ 200: 3, 512: 3 });
    },
    LIMIT_MS,
  );

  test(
    'a stop that comes before the data is read starts nothing',
    async () => {
      const { url, seen } = serve(() => new Response('ok'));
      const agent = new AgentUnderTest({ url });
      agent.send({ type: 'stop' });
      await agent.until(() => agent.has('ended'));
      expect(await agent.end()).toBe(0);
      expect([agent.has('running'), seen.requests]).toEqual([false, 0]);
    },
    LIMIT_MS,
  );

  test(
    'a server that cuts connections, or is not there, costs requests and not the agent',
    async () => {
      const server = net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as net.AddressInfo;
      const url = `http://127.0.0.1:${port}/api/predict/echo`;
      const cut = new AgentUnderTest({ url, pressure: { connections: 2 }, requests: 10 });
      await cut.until(() => cut.has('ended'));
      expect(cut.codes).toEqual({ 512: 10 });
      await new Promise((resolve) => server.close(resolve));
      const refused = new AgentUnderTest({ url, pressure: { connections: 2 }, requests: 4 });
      await refused.until(() => refused.has('ended'));
      expect(refused.codes).toEqual({ 512: 4 });
    },
    LIMIT_MS,
  );

  test(
    'ends with its stdin, in the middle of requests',
    async () => {
      const { url } = serve(async () => {
        await Bun.sleep(30_000);
        return new Response('late');
      });
      const agent = await new AgentUnderTest({ url }).until(({ has }) => has('running'));
      expect(await agent.end()).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    'data without a request is an error',
    async () => {
      const { url } = serve(() => new Response('ok'));
      const agent = new AgentUnderTest({ url, files: [] });
      await agent.until(() => agent.has('error'));
      expect(agent.events).toContainEqual({ type: 'error', message: 'the data holds no request' });
    },
    LIMIT_MS,
  );
});
