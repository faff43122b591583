import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { encodeFrame, type Frame, FrameKind, FrameReader } from '../../src/core/frames.ts';
import { misses } from '../support/needs.ts';
import { PYTHON_APP } from './apps.ts';
import { pythonHost, type RunningHost, until } from './host.ts';

setDefaultTimeout(90_000);
const text = (value: string) => new TextEncoder().encode(value);

/** A gateway that speaks raw frames. */
async function gateway(host: RunningHost, secret = host.spec.secret) {
  const answers = new Map<number, { status: number; head: string; body: Uint8Array }>();
  const reader = new FrameReader((frame: Frame) => {
    expect(frame.kind).toBe(FrameKind.answer);
    const payload = new Uint8Array(frame.payload);
    const headLength = (payload[0]! << 8) | payload[1]!;
    const head = Buffer.from(payload.subarray(2, 2 + headLength)).toString();
    answers.set(frame.id, { status: frame.code, head, body: payload.subarray(2 + headLength) });
  });
  const state = { closed: false };
  const { link } = await host.event('listening');
  const socket = await Bun.connect({
    unix: link.replace(/^unix:/, ''),
    socket: {
      data: (_, chunk) => reader.push(chunk),
      close: () => {
        state.closed = true;
      },
    },
  });
  socket.write(encodeFrame(FrameKind.hello, 1, 0, text(JSON.stringify({ role: 'gateway', secret }))));
  const ask = (id: number, body: string | Uint8Array) => {
    const head = text(JSON.stringify({ method: 'POST', target: '/api/predict/svc' }));
    const bytes = typeof body === 'string' ? text(body) : body;
    socket.write(encodeFrame(FrameKind.exchange, head.byteLength, id, head, bytes));
  };
  const shown = (id: number) => {
    const answer = answers.get(id)!;
    return [answer.status, Buffer.from(answer.body).toString()];
  };
  return { socket, ask, answers, state, shown };
}

describe.skipIf(misses('python3'))("the gateway's link", () => {
  test('carries many exchanges at once, answered out of order, without another check of the token', async () => {
    const host = pythonHost(PYTHON_APP, { token: 'secret' });
    await host.event('ready');
    const { ask, answers, shown } = await gateway(host);
    ask(1, 'sleep:0.5');
    for (let id = 2; id <= 40; id++) ask(id, `body ${id}`);
    await until(() => answers.size === 40);
    expect([...answers.keys()].at(-1)).toBe(1);
    expect(shown(1)).toEqual([200, 'slept']);
    for (let id = 2; id <= 40; id++) expect(shown(id)).toEqual([200, `body ${id}`]);
    expect(answers.get(2)!.head).toBe('');
  });

  test('shares the queue: 450, 408 and 503 come as statuses, cancel makes room', async () => {
    const host = pythonHost(PYTHON_APP, {
      env: { THREADS: '1' },
      limits: { maxQueueSize: 1, keepaliveMs: 1500 },
    });
    const { ask, answers, shown, socket } = await gateway(host);
    ask(1, 'too early');
    await until(() => answers.has(1));
    expect(shown(1)).toEqual([503, 'no healthy upstream']);
    await host.event('ready');
    ask(2, 'sleep:1');
    ask(3, 'waits');
    ask(4, 'full');
    await until(() => answers.has(4));
    expect(shown(4)[0]).toBe(450);
    socket.write(encodeFrame(FrameKind.cancel, 0, 3));
    ask(5, 'takes its place');
    await until(() => answers.has(5));
    expect(shown(5)).toEqual([200, 'takes its place']);
    ask(6, 'loop');
    await until(() => answers.has(6));
    expect(shown(6)[0]).toBe(408);
  });

  test('default headers of the instance travel in the head', async () => {
    const host = pythonHost(PYTHON_APP, { properties: { 'rpc.http.default_headers': 'X-A: 1' } });
    await host.event('ready');
    const { ask, answers } = await gateway(host);
    ask(1, 'x');
    await until(() => answers.has(1));
    expect(JSON.parse(answers.get(1)!.head)).toEqual({
      headers: { 'content-type': 'text/html; charset=utf-8', 'x-a': '1' },
    });
  });

  test('a wrong secret, a strange first frame and an impossible length are dropped', async () => {
    const host = pythonHost(PYTHON_APP);
    await host.event('ready');
    const wrong = await gateway(host, 'guess');
    await until(() => wrong.state.closed);
    const strange = await gateway(host);
    strange.socket.write(encodeFrame(FrameKind.response, 200, 1));
    await until(() => strange.state.closed);
    const huge = await gateway(host);
    huge.socket.write(new Uint8Array([255, 255, 255, 255, 3, 0, 0, 0, 0, 0, 0, 1]));
    await until(() => huge.state.closed);
    expect(await host.text('unharmed')).toEqual([200, 'unharmed']);
  });
});
