import { describe, expect, test } from 'bun:test';
import { discoveryResponse, type Upstream } from '../../src/local/discovery/discovery.ts';

const CLASSIC = '/exported/apis/eas.alibaba-inc.k8s.io/v1/upstreams/';
const CURRENT = '/api/v1/servicediscovery/upstreams/';
const ready: Record<string, Upstream[]> = {
  digits_v2: [
    { ip: '127.0.0.1', port: 50001, weight: 100 },
    { ip: '127.0.0.1', port: 50002, weight: 0 },
    { ip: '127.0.0.1', port: 0, weight: 100 },
  ],
};

function ask(path: string, method = 'GET') {
  return discoveryResponse(new Request(`http://host${path}`, { method }), (service) => ready[service] ?? []);
}

describe('discovery', () => {
  test.each([
    [`${CLASSIC}digits_v2`],
    [`${CLASSIC}digits_v2?internal=true`],
    [`${CURRENT}digits_v2`],
    [`${CURRENT}digits_v2/sub/path`],
  ])('%s lists the instances that can be called, in the manual shape', async (path) => {
    const response = ask(path)!;
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      correlative: ['digits_v2'],
      endpoints: { items: [{ app: 'digits-v2', ip: '127.0.0.1', port: 50001, weight: 100 }] },
    });
  });

  test.each([[`${CLASSIC}nobody`], [`${CURRENT}nobody`]])('%s is an empty list, never null', async (path) => {
    const response = ask(path)!;
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ correlative: ['nobody'], endpoints: { items: [] } });
  });

  test('other paths are left to others, other methods are refused', () => {
    expect(ask('/api/predict/digits_v2')).toBeUndefined();
    expect(ask(`${CLASSIC}digits_v2`, 'POST')?.status).toBe(405);
  });
});
