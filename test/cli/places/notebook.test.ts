import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { BUCKET, canPretendCloud, FakeCloud, UID } from '../../support/cloud/fake-cloud.ts';
import { runScripted, serviceOf } from '../../support/scripted-eas.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;
/** What ipykernel gives to the children of a cell, besides a pseudo-terminal. */
const cell = { JPY_PARENT_PID: '42', TERM: 'xterm-color', CLICOLOR: '1', FORCE_COLOR: '1', PAGER: 'cat' };

describe('in the cell of a notebook', () => {
  const inCell = { isTty: true, stdinIsTty: true, host: { env: cell } };

  test('a wait prints lines and nothing that moves', async () => {
    let looks = 0;
    const { code, out, err } = await runScripted(
      ['start', 'savedmodel_example'],
      {
        startService: async () => ({ RequestId: 'R', Message: 'starting' }),
        describeService: async () => serviceOf(++looks < 4 ? 'Waiting' : 'Running'),
      },
      inCell,
    );
    expect(code).toBe(0);
    expect(out).toEndWith('[OK] Service is running\n');
    expect(out + err).not.toMatch(CONTROL);
  });

  test('an error has no colour', async () => {
    const { code, err } = await runScripted(['creat'], {}, inCell);
    expect(code).toBe(2);
    expect(err).toContain('[ERROR]');
    expect(err).not.toMatch(CONTROL);
  });

  test('a question that nobody can answer is refused, and --yes is named', async () => {
    const { code, err } = await runScripted(['delete', 'savedmodel_example'], {}, inCell);
    expect(code).toBe(2);
    expect(err).toContain('--yes');
  });

  test('the same on a terminal of a person does have colour', async () => {
    const { err } = await runScripted(['creat'], {}, { isTty: true });
    expect(err).toMatch(CONTROL);
  });
});

describe.skipIf(!canPretendCloud)('inside the cloud', () => {
  let cloud: FakeCloud;
  const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'Id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' };
  const inCell = (argv: string[]) => cloud.run(argv, { ...keys, ...cell }, { isTty: true, stdinIsTty: true });
  beforeAll(async () => {
    cloud = await FakeCloud.start();
    cloud.keys.set('Id', { secret: 's' });
  });
  afterAll(() => cloud?.stop());
  beforeEach(() => {
    cloud.seen.length = 0;
  });

  test.each(['pai-eas-share.cn-shanghai.aliyuncs.com', 'pai-eas-manage-vpc.cn-shanghai.aliyuncs.com'])(
    '%s is asked over https, and its services through their intranet endpoint',
    async (endpoint) => {
      expect(await inCell(['-e', endpoint, 'ls'])).toMatchObject({ code: 0, err: '' });
      const answer = await inCell(['-e', endpoint, 'predict', 'echo', '-d', 'hello']);
      expect(answer).toMatchObject({ code: 0, out: 'echo hello', err: '' });
      const hosts = [endpoint, endpoint, `${UID}.vpc.cn-shanghai.pai-eas.aliyuncs.com`];
      expect(cloud.seen.map(({ host }) => host)).toEqual(hosts);
    },
  );

  test('upload --inner talks to the inside of the cloud only', async () => {
    cloud.write('saved_model.zip', 'weights');
    const { code, out, err } = await inCell(['-e', 'cn-shanghai', 'upload', 'saved_model.zip', '--inner']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      `[OK] oss endpoint:    [http://oss-cn-shanghai-internal.aliyuncs.com]
[OK] oss target path: [oss://${BUCKET}/${UID}/saved_model.zip]
Succeed: Total num: 1, size: 7. OK num: 1(upload 1 files).
`,
    );
    expect(new Set(cloud.seen.map(({ host }) => host))).toEqual(
      new Set(['sts-vpc.cn-shanghai.aliyuncs.com', `${BUCKET}.oss-cn-shanghai-internal.aliyuncs.com`]),
    );
  });

  test('upload without --inner talks to the public store', async () => {
    cloud.write('saved_model.zip', 'weights');
    expect(await inCell(['-e', 'cn-shanghai', 'upload', 'saved_model.zip'])).toMatchObject({ code: 0 });
    expect(cloud.seen.map(({ host }) => host)).toContain(`${BUCKET}.oss-cn-shanghai.aliyuncs.com`);
  });
});
