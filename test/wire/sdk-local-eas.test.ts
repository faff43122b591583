import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type LiveLocal, liveLocal } from '../support/live-local.ts';
import {
  javaDriver,
  javaSdk,
  type PythonSdk,
  pythonSdk,
  runSdk,
  type SdkCall,
  skipReason,
} from '../support/vendor-sdk.ts';

/** The vendor's SDKs against a service that the program itself deployed on Local EAS. */
const python = await pythonSdk();
const java = await javaSdk();
const SLOW_MS = 60_000;

let local: LiveLocal;
let endpoint: string;
let token: string;
const isAnyReady = 'ready' in python || 'ready' in java;

beforeAll(async () => {
  if (!isAnyReady) return;
  local = await liveLocal();
  const example = resolve(import.meta.dir, '../../examples/echo-python');
  cpSync(join(example, 'app.py'), join(local.folder, 'app.py'));
  const document = { ...(await Bun.file(join(example, 'service.json')).json()), name: 'echo_sdk' };
  document.metadata.instance = 2;
  local.write('service.json', JSON.stringify(document));
  const created = await local.eas(['create', 'service.json']);
  if (created.code !== 0) throw new Error(created.err);
  const service = JSON.parse((await local.eas(['desc', 'echo_sdk', '-o', 'json'])).out);
  token = service.AccessToken;
  endpoint = new URL(service.InternetEndpoint).origin;
}, SLOW_MS);

afterAll(() => local?.stop(), SLOW_MS);

const full = (calls: Partial<SdkCall>[]) =>
  calls.map((call) => ({ endpoint, service: 'echo_sdk', token, body: '[1,2]', retries: 1, ...call }));

const CALLS: Partial<SdkCall>[] = [
  { times: 3 },
  { direct: true, times: 4 },
  { token: 'wrong' },
  { token: 'wrong', direct: true },
  { service: 'unknown' },
];
const ANSWERS = [...Array(7).fill('[1,2]'), 401, 401, 404];

// proves: predict (wire, the Python EAS SDK)
describe.skipIf(skipReason('the Python SDK against Local EAS', python))(
  'eas_prediction and Local EAS',
  () => {
    const run = (calls: Partial<SdkCall>[]) => {
      const { ready } = python as { ready: PythonSdk };
      return runSdk([ready.python, `${import.meta.dir}/sdk/predict.py`], full(calls), ready.env);
    };

    test(
      'predicts through the gateway and straight at the instances, and is refused by both',
      async () => {
        const results = await run(CALLS);
        expect(results.map((result) => ('body' in result ? result.body : result.code))).toEqual(ANSWERS);
      },
      SLOW_MS,
    );
  },
);

// proves: predict (wire, the Java EAS SDK)
describe.skipIf(skipReason('the Java SDK against Local EAS', java))('eas-sdk and Local EAS', () => {
  test(
    'predicts through the gateway and straight at the instances, and is refused by both',
    async () => {
      const results = await runSdk(javaDriver(java, join(local.folder, 'java-home')), full(CALLS));
      expect(results.map((result) => ('body' in result ? result.body : result.code))).toEqual(ANSWERS);
    },
    SLOW_MS,
  );
});

describe.skipIf(!isAnyReady)('a stopped service', () => {
  test(
    'is 503 in the words clients know, and discovery names nobody',
    async () => {
      expect((await local.eas(['stop', 'echo_sdk'])).code).toBe(0);
      const { ready } = python as { ready: PythonSdk };
      const driver =
        'ready' in python
          ? [ready.python, `${import.meta.dir}/sdk/predict.py`]
          : javaDriver(java, join(local.folder, 'java-home'));
      const [result] = await runSdk(driver, full([{}]), ready?.env);
      expect(result).toMatchObject({ code: 503, message: expect.stringMatching(/no healthy upstream$/) });
      const upstreams = await fetch(`${endpoint}/api/v1/servicediscovery/upstreams/echo_sdk`);
      expect(await upstreams.json()).toEqual({ correlative: ['echo_sdk'], endpoints: { items: [] } });
    },
    SLOW_MS,
  );
});
