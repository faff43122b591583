import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { FakeFront } from '../support/fake-front.ts';
import { SdkServices } from '../support/sdk-services.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { javaDriver, javaSdk, runSdk, type SdkCall, skipReason } from '../support/vendor-sdk.ts';

/**
 * The vendor's Java SDK against the gateway, discovery and instance ports. Its quirks are those of serving.md (a) and
 * (b): it drops leading zeros of the MD5 that it signs, keeps what discovery said in the home folder, and asks
 * one discovery for as long as the JVM lives.
 */
const java = await javaSdk();
const SLOW_MS = 120_000;

describe.skipIf(skipReason('the Java SDK', java))('eas-sdk (Java)', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let services: SdkServices;
  let packed: FakeFront;

  beforeAll(() => {
    folder = temporaryFolder();
    services = new SdkServices();
    packed = services.serve('packed', () => ({ body: snappy('unpacked by the SDK') }));
  });
  afterAll(() => {
    services.close();
    folder[Symbol.dispose]();
  });

  /** Each time a JVM with a home of its own: an SDK that finds discovery's old answers would use old ports. */
  let runs = 0;
  const run = (...calls: SdkCall[]) => {
    return runSdk(javaDriver(java, join(folder.path, `home-${++runs}`)), calls);
  };
  const codes = (results: unknown[]) => results.map((result) => (result as { code?: number }).code ?? 200);
  const messages = (results: unknown[]) => results.map((result) => (result as { message: string }).message);

  test(
    'predicts through the gateway with its signature, by sub path and without a token',
    async () => {
      const results = await run(
        services.call('echo', { times: 4 }),
        services.call('echo/sub/path'),
        services.call('open', { token: '' }),
      );
      expect(results).toHaveLength(6);
      for (const result of results)
        expect(result).toMatchObject({ body: expect.stringMatching(/^echo-[12]:\[{"x":"值"}]$/) });
    },
    SLOW_MS,
  );

  test(
    'an MD5 that begins with zeros is signed and sent without them, and accepted',
    async () => {
      const bodies = bodiesWithShortMd5(3);
      const before = services.received.length;
      const results = await run(...bodies.map((body) => services.call('echo', { body })));
      expect(codes(results)).toEqual([200, 200, 200]);
      const sent = services.received.slice(before).map((headers) => headers.get('content-md5')!);
      expect(sent).toEqual(bodies.map((body) => md5(body).replace(/^0+/, '')));
    },
    SLOW_MS,
  );

  test(
    'a wrong token, an unknown service, none ready and a full queue surface with code and body; a 450 is tried again',
    async () => {
      const results = await run(
        ...['echo', 'unknown', 'nobody_ready', 'full'].map((name) =>
          services.call(name, { retries: 0, ...(name === 'echo' ? { token: 'wrong' } : {}) }),
        ),
        services.call('busy'),
      );
      expect(codes(results)).toEqual([401, 404, 503, 450, 200]);
      const [, unknown, nobody, full] = messages(results);
      // The SDK puts the address before the body; an unrouted service has an empty one.
      expect(unknown).toMatch(/\/api\/predict\/unknown,(.* Message:)? $/);
      expect(nobody).toEndWith('no healthy upstream');
      expect(full).toEndWith('queue full');
      expect(results[4]).toEqual({ body: 'second try' });
    },
    SLOW_MS,
  );

  test(
    'with setIsCompressed the MD5 is that of other bytes than the body; both ways the bytes arrive as they were',
    async () => {
      const body = 'compressible '.repeat(20);
      const results = await run(services.call('packed', { body, compressed: true }));
      expect(results).toEqual([{ body: 'unpacked by the SDK' }]);
      expect(services.received.at(-1)!.get('content-md5')).not.toBe(md5(body));
      expect(Buffer.from(packed.seen.at(-1)!.body).toString()).toBe(body);
    },
    SLOW_MS,
  );

  test(
    'calls instances directly after discovery; each instance checks the token',
    async () => {
      services.asked = [];
      const results = await run(
        services.directCall('echo', { times: 20 }),
        services.directCall('echo', { token: 'wrong', retries: 0 }),
        services.directCall('unknown', { retries: 0 }),
      );
      const names = results.slice(0, 20).map((result) => (result as { body: string }).body.slice(0, 6));
      // Drawn by weight: that one of the two is never chosen happens once in half a million runs.
      expect([...new Set(names)].sort()).toEqual(['echo-1', 'echo-2']);
      expect(codes(results)[20]).toBe(401);
      expect(messages(results)[21]).toContain('no host');
      expect(services.asked).toContain('/exported/apis/eas.alibaba-inc.k8s.io/v1/upstreams/echo');
    },
    SLOW_MS,
  );
});

const md5 = (text: string) => new Bun.CryptoHasher('md5').update(text).digest('hex');

function bodiesWithShortMd5(count: number): string[] {
  const found: string[] = [];
  for (let n = 0; found.length < count; n++) if (md5(`body ${n}`).startsWith('0')) found.push(`body ${n}`);
  return found;
}

/** A block of Snappy with one literal of at most 60 bytes. */
function snappy(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length, (bytes.length - 1) << 2]), bytes]);
}
