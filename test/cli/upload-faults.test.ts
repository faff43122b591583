import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { appendFileSync, rmSync, truncateSync } from 'node:fs';
import { runCli } from '../../src/cli/run.ts';
import { fakeIo } from '../support/fake-io.ts';
import { type LiveLocal, liveLocal, selfCommand } from '../support/live-local.ts';
import { hostOf } from '../support/scripted-eas.ts';

const MIB = 1024 * 1024;
let local: LiveLocal;

beforeAll(async () => {
  local = await liveLocal();
});
afterAll(() => local?.stop());

/** Uploads 20 MiB and spoils the file as soon as the first bytes are on their way: the bar is drawn then. */
async function uploadSpoiled(spoil: (path: string) => void) {
  const path = local.write('big.bin', Buffer.alloc(20 * MIB, 7));
  const io = fakeIo({ isTty: true, isRealTime: true });
  const write = io.stderr.write;
  let isSpoiled = false;
  io.stderr.write = (chunk) => {
    if (!isSpoiled) spoil(path);
    isSpoiled = true;
    write(chunk);
  };
  const host = hostOf(['-e', 'local', 'upload', 'big.bin'], {
    homeDir: local.folder,
    cwd: local.folder,
    selfCommand,
  });
  const code = await runCli(host, io);
  return { code, out: io.out(), err: io.err() };
}

describe('a file during its upload', () => {
  test.each([
    ['vanishes', (path: string) => rmSync(path)],
    ['becomes shorter', (path: string) => truncateSync(path, MIB)],
    ['grows', (path: string) => appendFileSync(path, 'more')],
  ])('%s', async (_what, spoil) => {
    const { code, out, err } = await uploadSpoiled(spoil);
    expect(code).toBe(1);
    expect(err).toContain('while it was uploaded; nothing was left in the object store');
    expect(err).toContain('FileChanged');
    expect(out).not.toContain('Succeed');
  });
});

test('a store without room: said once, exit 1', async () => {
  const full = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request, server) {
      const url = `http://127.0.0.1:${server.port}`;
      const status = { apiUrl: url, objectStoreUrl: url, region: 'local', uid: '1234567890123456' };
      if (new URL(request.url).pathname === '/_eascmd/status') return Response.json(status);
      const body =
        '<?xml version="1.0"?><Error><Code>InsufficientStorage</Code><Message>The disk is full.</Message></Error>';
      return new Response(body, { status: 507, headers: { 'Content-Type': 'application/xml' } });
    },
  });
  try {
    local.write('small.bin', 'small');
    const keys = ['-i', 'LTAIxxxx', '-k', 'secret-of-mine'];
    const { code, out, err } = await local.run([...keys, '-e', full.url.origin, 'upload', 'small.bin']);
    expect(code).toBe(1);
    expect(err).toContain('InsufficientStorage');
    expect(err).toContain('free some space');
    expect(err + out).not.toContain('secret-of-mine');
    expect(out).not.toContain('Succeed');
  } finally {
    full.stop(true);
  }
});
