import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SdkServices } from '../support/sdk-services.ts';
import { goSdk, pythonSdk, runSdk, type SdkCall, skipReason } from '../support/vendor-sdk.ts';

/** The vendor's Python and Go SDKs against the gateway, discovery and instance ports. */
const python = await pythonSdk();
const go = await goSdk();
const SLOW_MS = 60_000;

let services: SdkServices;
beforeAll(() => {
  services = new SdkServices();
});
afterAll(() => services.close());

const gatewayCall: SdkServices['call'] = (...call) => services.call(...call);
const directCall: SdkServices['directCall'] = (...call) => services.directCall(...call);

const echoed = (result: unknown) => (result as { body: string }).body;
const codes = (results: unknown[]) => results.map((result) => (result as { code?: number }).code ?? 200);

describe.skipIf(skipReason('the Python SDK', python))('eas_prediction (Python)', () => {
  const run = (calls: SdkCall[]) => {
    const { ready } = python as { ready: { python: string; env: Record<string, string> } };
    return runSdk([ready.python, `${import.meta.dir}/sdk/predict.py`], calls, {
      ...ready.env,
      TZ: 'Asia/Shanghai',
    });
  };

  test(
    'predicts through the gateway with its signature, by sub path and without a token',
    async () => {
      const results = await run([
        gatewayCall('echo', { times: 4 }),
        gatewayCall('echo/sub/path'),
        gatewayCall('open', { token: '' }),
      ]);
      expect(results).toHaveLength(6);
      for (const result of results) expect(echoed(result)).toMatch(/^echo-[12]:\[{"x":"值"}]$/);
    },
    SLOW_MS,
  );

  test(
    'a wrong token, an unknown service, none ready and a full queue surface with their codes',
    async () => {
      const results = await run([
        gatewayCall('echo', { token: 'wrong' }),
        gatewayCall('unknown'),
        gatewayCall('nobody_ready'),
        gatewayCall('full'),
      ]);
      expect(codes(results)).toEqual([401, 404, 503, 450]);
      expect(results[1]).toEqual({ code: 404, message: '' });
      expect(results[2]).toEqual({ code: 503, message: 'no healthy upstream' });
      expect(results[3]).toEqual({ code: 450, message: 'queue full' });
    },
    SLOW_MS,
  );

  test(
    'calls instances directly after discovery; each instance checks the token',
    async () => {
      services.asked = [];
      const results = await run([
        directCall('echo', { times: 6 }),
        directCall('echo', { token: 'wrong' }),
        directCall('unknown'),
      ]);
      expect(codes(results)).toEqual([200, 200, 200, 200, 200, 200, 401, 500]);
      const names = results.slice(0, 6).map((result) => echoed(result).slice(0, 6));
      expect(names.sort()).toEqual(['echo-1', 'echo-1', 'echo-1', 'echo-2', 'echo-2', 'echo-2']);
      expect(services.asked).toContain('/api/v1/servicediscovery/upstreams/echo');
    },
    SLOW_MS,
  );
});

describe.skipIf(skipReason('the Go SDK', go))('eas-golang-sdk (Go)', () => {
  const run = (calls: SdkCall[]) => {
    const { ready } = go as { ready: { driver: string } };
    return runSdk([ready.driver], calls, { TZ: 'Asia/Shanghai' });
  };

  test(
    'predicts through the gateway with its signature, by sub path and without a token',
    async () => {
      const results = await run([
        gatewayCall('echo', { times: 4 }),
        gatewayCall('echo/sub/path'),
        gatewayCall('open', { token: '' }),
      ]);
      expect(results).toHaveLength(6);
      for (const result of results) expect(echoed(result)).toMatch(/^echo-[12]:\[{"x":"值"}]$/);
    },
    SLOW_MS,
  );

  test(
    'a wrong token, an unknown service and none ready surface with their codes; a 450 is retried',
    async () => {
      const results = await run([
        gatewayCall('echo', { token: 'wrong' }),
        gatewayCall('unknown'),
        gatewayCall('nobody_ready'),
        gatewayCall('busy'),
      ]);
      expect(codes(results)).toEqual([401, 404, 503, 200]);
      expect(echoed(results[3])).toBe('second try');
    },
    SLOW_MS,
  );

  test(
    'calls instances directly after discovery; each instance checks the token',
    async () => {
      services.asked = [];
      const results = await run([directCall('echo', { times: 6 }), directCall('echo', { token: 'wrong' })]);
      expect(codes(results)).toEqual([200, 200, 200, 200, 200, 200, 401]);
      expect(new Set(results.slice(0, 6).map((result) => echoed(result).slice(0, 6)))).toEqual(
        new Set(['echo-1', 'echo-2']),
      );
      expect(services.asked).toContain(
        '/exported/apis/eas.alibaba-inc.k8s.io/v1/upstreams/echo?internal=false',
      );
    },
    SLOW_MS,
  );
});
