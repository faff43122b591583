import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { EasError } from '../../src/core/errors.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { startOss } from '../support/fake-oss.ts';
import { ACCESS_KEY, BUCKET } from '../support/object-store.ts';
import { startRaw } from '../support/raw-server.ts';
import { MIB, TransferPlace } from '../support/transfer-place.ts';

const errorReply = (code: string, status: number, headers: Record<string, string> = {}) =>
  new Response(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>about ${code}</Message></Error>`, {
    status,
    headers: { 'content-type': 'application/xml', ...headers },
  });

async function failure(promise: Promise<unknown>): Promise<EasError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof EasError) return error;
  throw error ?? new Error('nothing was thrown');
}

describe('in the middle of the parts', () => {
  test('500 and 503: those parts are sent again', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    const failures = new Map([
      ['PUT 2', 500],
      ['PUT 4', 503],
    ]);
    place.front = (_request, store) => {
      const name = place.log.at(-1)!;
      const status = failures.get(name);
      failures.delete(name);
      return status ? errorReply('InternalError', status) : store();
    };
    await place.upload();
    expect((await place.stored()).equals(bytes)).toBe(true);
    expect(place.partsSent().toSorted()).toEqual(
      ['PUT 1', 'PUT 2', 'PUT 2', 'PUT 3', 'PUT 4', 'PUT 4', 'PUT 5'].toSorted(),
    );
  });

  test('the connection is reset: the part is sent again', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    const proxy = await startCuttingProxy(place.store.port, {
      cutUpload: (sent, connection) => connection <= 3 && sent > MIB,
    });
    try {
      await place.upload(undefined, place.client({}, proxy.url));
      expect(proxy.connections).toBeGreaterThan(3);
      expect((await place.stored()).equals(bytes)).toBe(true);
    } finally {
      proxy.stop();
    }
  });

  test('an answer is lost, so that the store gets a part twice', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    let isLost = false;
    place.front = async (_request, store) => {
      const answer = await store();
      if (isLost || place.log.at(-1) !== 'PUT 3') return answer;
      isLost = true;
      return errorReply('InternalError', 500);
    };
    await place.upload();
    expect((await place.stored()).equals(bytes)).toBe(true);
  });

  test('the store answers a part twice', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(40 * MIB);
    const proxy = await startCuttingProxy(place.store.port, {
      change: (piece) =>
        /^HTTP\/1.1 200 OK\r\n/i.test(piece.toString('latin1')) && piece.includes('\r\n\r\n')
          ? Buffer.concat([piece, piece])
          : piece,
    });
    try {
      await place.upload(undefined, place.client({}, proxy.url));
      expect((await place.stored()).equals(bytes)).toBe(true);
    } finally {
      proxy.stop();
    }
  });

  test('the store tells a wrong ETag: the parts are looked up, nothing is sent again', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    place.front = async (_request, store) => {
      const name = place.log.at(-1);
      const answer = await store();
      if (name === 'PUT 2') answer.headers.set('etag', '"00000000000000000000000000000000"');
      return answer;
    };
    await place.upload();
    expect((await place.stored()).equals(bytes)).toBe(true);
    expect(place.partsSent()).toHaveLength(5);
    expect(place.log).toContain('GET upload');
  });

  test('the store tells a wrong checksum of a part: it is sent again', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    let isWrong = true;
    place.front = async (_request, store) => {
      const name = place.log.at(-1);
      const answer = await store();
      if (name === 'PUT 2' && isWrong) {
        isWrong = false;
        answer.headers.set('x-oss-hash-crc64ecma', '1');
      }
      return answer;
    };
    await place.upload();
    expect(place.partsSent().filter((line) => line === 'PUT 2')).toHaveLength(2);
    expect((await place.stored()).equals(bytes)).toBe(true);
  });

  test('the store is restarted', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(40 * MIB);
    let restarting: Promise<void> | undefined;
    place.front = (_request, store) => {
      if (place.partsSent().length !== 4 || restarting) return store();
      restarting = place.restart();
      return errorReply('ServiceUnavailable', 503);
    };
    const clock = { now: () => 0, random: () => 1, sleep: (ms: number) => Bun.sleep(Math.min(ms, 200)) };
    await place.upload(undefined, place.client({ clock }));
    await restarting;
    expect((await place.stored()).equals(bytes)).toBe(true);
  });

  test('completing worked, but its answer was lost', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    let isLost = false;
    place.front = async (_request, store) => {
      const answer = await store();
      if (isLost || place.log.at(-1) !== 'POST upload') return answer;
      isLost = true;
      return errorReply('InternalError', 500);
    };
    expect(await place.upload()).toMatchObject({ isUnchanged: false });
    expect((await place.stored()).equals(bytes)).toBe(true);
    expect(place.partsSent()).toHaveLength(5);
  });

  test('the network is gone for good: what arrived is kept, and the user is told', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    let passed = 0;
    const proxy = await startCuttingProxy(place.store.port, {
      cutUpload: () => place.partsSent().length >= 3 && ++passed > 20,
    });
    try {
      const error = await failure(place.upload(undefined, place.client({}, proxy.url)));
      expect(error.code).toBe('ConnectionReset');
      expect(error.detail.join()).toContain('the same command goes on from there');
    } finally {
      proxy.stop();
    }
    const { uploads } = await place.store.client().listUploads({});
    expect(uploads).toHaveLength(1);
    // The address of the store is a part of what is remembered, so this is another upload.
    await place.upload();
    expect((await place.stored()).equals(bytes)).toBe(true);
  });
});

describe("this machine's clock is 20 minutes off", () => {
  const ahead = 20 * 60_000;
  const sentMs = (date: string) =>
    Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));

  test.each([1, -1])('(%d): the time of the store is used', async (sign) => {
    await using place = new TransferPlace();
    place.fill(9 * MIB);
    let refused = 0;
    const oss = startOss({
      intercept: ({ headers }) => {
        const now = Date.now() + sign * ahead;
        if (Math.abs(sentMs(headers.get('x-oss-date')!) - now) < 900_000) return undefined;
        refused++;
        return errorReply('RequestTimeTooSkewed', 403, { date: new Date(now).toUTCString() });
      },
    });
    try {
      await place.client({}, oss.url).upload(place.path, { bucket: 'b-b', key: 'k' });
      expect(refused).toBe(1);
      expect(oss.objects.size).toBe(1);
    } finally {
      oss.stop();
    }
  });

  test('and the store does not tell its time: a clear error', async () => {
    await using place = new TransferPlace();
    place.fill(10);
    place.front = () => errorReply('RequestTimeTooSkewed', 403);
    const error = await failure(place.upload());
    expect({ code: error.code, hint: error.hint }).toMatchObject({
      code: 'RequestTimeTooSkewed',
      hint: expect.stringContaining('clock'),
    });
    expect(place.log).toEqual(['PUT object']);
  });
});

describe('a security token that expires during an upload', () => {
  const expiring = (place: TransferPlace) => {
    place.front = (request, store) =>
      place.log.length > 3 && request.headers.get('x-oss-security-token') === 'old'
        ? errorReply('SecurityTokenExpired', 403)
        : store();
  };
  const keys = { accessKeyId: ACCESS_KEY.id, accessKeySecret: ACCESS_KEY.secret };

  test('is read again', async () => {
    await using place = new TransferPlace();
    const bytes = place.fill(20 * MIB);
    expiring(place);
    const renewCredentials = async () => ({ ...keys, securityToken: 'new' });
    const client = place.client({ renewCredentials }, place.store.url, { ...keys, securityToken: 'old' });
    await place.upload(undefined, client);
    expect((await place.stored()).equals(bytes)).toBe(true);
  });

  test('ends it with exit 4 when there is no other, and keeps what arrived', async () => {
    await using place = new TransferPlace();
    place.fill(20 * MIB);
    expiring(place);
    const old = { ...keys, securityToken: 'old' };
    const client = place.client({ renewCredentials: async () => old }, place.store.url, old);
    const error = await failure(place.upload(undefined, client));
    expect({ code: error.code, exit: error.exit as number }).toEqual({
      code: 'SecurityTokenExpired',
      exit: 4,
    });
    place.front = undefined;
    expect((await place.upload()).skippedBytes).toBeGreaterThan(0);
  });
});

test('a store that refuses a body half-way and closes: its words, once, and nothing else on the console', async () => {
  await using place = new TransferPlace();
  place.fill(4 * MIB);
  const refusal = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>';
  const server = await startRaw((socket) => {
    socket.write(
      `HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: ${refusal.length}\r\nConnection: close\r\n\r\n${refusal}`,
    );
    setTimeout(() => socket.destroy(), 50);
  });
  try {
    const script = `
      import { createObjectStoreClient } from ${JSON.stringify(join(import.meta.dir, '../../src/cloud/objects/client.ts'))};
      const target = { kind: 'cloud', apiUrl: '', region: 'local', objectStoreUrl: '${server.url}' };
      const client = createObjectStoreClient(target, { accessKeyId: 'id', accessKeySecret: 'secret' });
      try {
        await client.upload('${place.path}', { bucket: '${BUCKET}', key: 'k' });
      } catch (error) {
        process.stdout.write(error.code);
      }
      client.close();`;
    const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', stderr: 'pipe' });
    expect(await Promise.all([child.stdout.text(), child.stderr.text()])).toEqual(['AccessDenied', '']);
  } finally {
    server.stop();
  }
});
