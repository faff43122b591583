import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { ownBinary } from '../../scripts/build/config.ts';
import { BinaryPlace } from '../support/binary/place.ts';
import { needs } from '../support/needs.ts';

/** An API with as many services as the test says, a hundred on a page. */
const RequestId = 'F5E2A1C0-0000-4000-8000-000000000000';
const ServiceConfig = JSON.stringify({ name: 'x', model_config: '模型'.repeat(100) });
let count = 0;
let server: Bun.Server<unknown>;

const nameOf = (at: number) => `service_${String(at).padStart(6, '0')}`;

beforeAll(() => {
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname !== '/api/v2/services') return new Response(null, { status: 404 });
      const PageNumber = Number(searchParams.get('PageNumber'));
      const PageSize = Number(searchParams.get('PageSize'));
      const first = (PageNumber - 1) * PageSize;
      const Services = Array.from({ length: Math.max(0, Math.min(PageSize, count - first)) }, (_, at) => ({
        ServiceName: nameOf(first + at),
        Region: 'cn-shanghai',
        Status: 'Running',
        TotalInstance: 1,
        RunningInstance: 1,
        PendingInstance: 0,
        CreateTime: '2026-01-02T03:04:05Z',
        UpdateTime: '2026-01-02T03:04:05Z',
        IntranetEndpoint: `http://1.vpc.cn-shanghai.pai-eas.aliyuncs.com/api/predict/${nameOf(first + at)}`,
        ServiceConfig,
      }));
      return Response.json({ RequestId, PageNumber, PageSize, TotalCount: count, Services });
    },
  });
});
afterAll(() => server.stop(true));

/** What `ls` writes, and the most memory it had. */
async function list(services: number, format: 'text' | 'json') {
  count = services;
  await using place = new BinaryPlace();
  const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'Id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' };
  const child = Bun.spawn([ownBinary, '-e', `http://127.0.0.1:${server.port}`, '-o', format, 'ls'], {
    env: place.env({ ...keys, EAS_REGION: 'cn-shanghai' }),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let peakKb = 0;
  let isOver = false;
  const watched = (async () => {
    while (!isOver) {
      const [, kb] = /^VmHWM:\s+(\d+) kB/m.exec(statusOf(child.pid)) ?? [];
      peakKb = Math.max(peakKb, Number(kb ?? 0));
      await Bun.sleep(5);
    }
  })();
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect([await child.exited, err]).toEqual([0, '']);
  isOver = true;
  await watched;
  return { out, peakMb: peakKb / 1024 };
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

const COUNT = 10_000;
const names = Array.from({ length: COUNT }, (_, at) => nameOf(at));
/** Beyond what a list of ten needs: 41 to 54 MB when this was written; a heap is not exact. */
const MOST_MORE_MB = 70;

needs('linux')(
  'ten thousand services as a table: all of them, in order, in little more memory than ten',
  async () => {
    const few = await list(10, 'text');
    const { out, peakMb } = await list(COUNT, 'text');
    expect([...out.matchAll(/^\| (service_\d+) /gm)].map(([, name]) => name!)).toEqual(names);
    expect(
      new Set(
        out
          .split('\n')
          .slice(1, -1)
          .map((line) => line.length),
      ).size,
    ).toBe(1);
    expect(peakMb - few.peakMb).toBeLessThan(MOST_MORE_MB);
  },
  120_000,
);

needs('linux')(
  'and as JSON: one document, whole',
  async () => {
    const few = await list(10, 'json');
    const { out, peakMb } = await list(COUNT, 'json');
    const reply = JSON.parse(out);
    expect(reply.RequestId).toBe(RequestId);
    expect(reply.Services.map(({ ServiceName }: { ServiceName: string }) => ServiceName)).toEqual(names);
    expect(reply.Services.at(-1).ServiceConfig).toBe(ServiceConfig);
    expect(out).toBe(`${JSON.stringify(reply, null, 2)}\n`);
    expect(peakMb - few.peakMb).toBeLessThan(MOST_MORE_MB);
  },
  120_000,
);

test('none at all, as both', async () => {
  expect((await list(0, 'json')).out).toBe(`{\n  "RequestId": "${RequestId}",\n  "Services": []\n}\n`);
  expect((await list(0, 'text')).out.split('\n')).toHaveLength(6);
});
