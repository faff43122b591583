import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUCKET, canPretendCloud, FakeCloud, UID } from '../../support/cloud/fake-cloud.ts';
import { type MetadataOptions, type MetadataService, startMetadata } from '../../support/cloud/metadata.ts';

/** Every way to have keys, proven on EAS, STS and OSS, which check the signatures. */
describe.skipIf(!canPretendCloud)('credentials', () => {
  let cloud: FakeCloud;
  let metadata: MetadataService | undefined;
  beforeAll(async () => {
    cloud = await FakeCloud.start();
  });
  afterAll(() => cloud?.stop());
  beforeEach(() => {
    cloud.seen.length = 0;
    cloud.keys.clear();
    cloud.keys.set('PlainId', { secret: 'plain-secret' });
    cloud.keys.set('StsId', { secret: 'sts-secret', token: 'sts-token' });
    cloud.write('model.bin', 'weights');
  });
  afterEach(() => {
    metadata?.stop();
    metadata = undefined;
    for (const name of ['.eas', '.aliyun'])
      rmSync(join(cloud.folder, name), { recursive: true, force: true });
  });

  const profiles = (current: string, ...list: object[]) => {
    mkdirSync(join(cloud.folder, '.aliyun'), { recursive: true });
    writeFileSync(join(cloud.folder, '.aliyun/config.json'), JSON.stringify({ current, profiles: list }));
  };
  const ownConfig = (text: string) => {
    mkdirSync(join(cloud.folder, '.eas'), { recursive: true });
    writeFileSync(join(cloud.folder, '.eas/config'), text);
  };
  const plain = { name: 'default', mode: 'AK', access_key_id: 'PlainId', access_key_secret: 'plain-secret' };
  const sts = {
    name: 'sts',
    mode: 'StsToken',
    access_key_id: 'StsId',
    access_key_secret: 'sts-secret',
    sts_token: 'sts-token',
    region_id: 'cn-shanghai',
  };
  const role = (options: MetadataOptions, env: Record<string, string> = {}) => {
    metadata = startMetadata({
      onIssued: (id, secret, token) => cloud.keys.set(id, { secret, token }),
      ...options,
    });
    return {
      ALIBABA_CLOUD_ECS_METADATA: options.role ?? 'EasRole',
      EAS_ECS_METADATA_URL: metadata.url,
      ...env,
    };
  };

  interface Way {
    argv?: string[];
    env?: Record<string, string> | (() => Record<string, string>);
    prepare?: () => void;
    keyId: string;
  }
  const ways: Record<string, Way> = {
    'the flags -i and -k': { argv: ['-i', 'PlainId', '-k', 'plain-secret'], keyId: 'PlainId' },
    'the flags -i, -k and -t': {
      argv: ['-i', 'StsId', '-k', 'sts-secret', '-t', 'sts-token'],
      keyId: 'StsId',
    },
    "the vendor's variables": {
      env: { ALIBABA_CLOUD_ACCESS_KEY_ID: 'PlainId', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'plain-secret' },
      keyId: 'PlainId',
    },
    "the vendor's variables with a security token": {
      env: {
        ALIBABA_CLOUD_ACCESS_KEY_ID: 'StsId',
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'sts-secret',
        ALIBABA_CLOUD_SECURITY_TOKEN: 'sts-token',
      },
      keyId: 'StsId',
    },
    'our own variables, which win over them': {
      env: {
        EAS_ACCESS_KEY_ID: 'PlainId',
        EAS_ACCESS_KEY_SECRET: 'plain-secret',
        ALIBABA_CLOUD_ACCESS_KEY_ID: 'other',
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'other',
      },
      keyId: 'PlainId',
    },
    '~/.eas/config': {
      prepare: () => ownConfig('access_key_id=PlainId\naccess_key_secret=plain-secret\n'),
      keyId: 'PlainId',
    },
    'a -c file': {
      argv: ['-c', 'shanghai.conf'],
      prepare: () => {
        ownConfig('access_key_id=other\naccess_key_secret=other\n');
        cloud.write(
          'shanghai.conf',
          'access_key_id=StsId\naccess_key_secret=sts-secret\nsecurity_token=sts-token\n',
        );
      },
      keyId: 'StsId',
    },
    'the current AK profile of the aliyun CLI': {
      prepare: () => profiles('default', sts, plain),
      keyId: 'PlainId',
    },
    'its StsToken profile': { prepare: () => profiles('sts', plain, sts), keyId: 'StsId' },
    'the profile that ALIBABA_CLOUD_PROFILE names, before our own file': {
      env: { ALIBABA_CLOUD_PROFILE: 'sts' },
      prepare: () => {
        ownConfig('access_key_id=other\naccess_key_secret=other\n');
        profiles('default', plain, sts);
      },
      keyId: 'StsId',
    },
    'the RAM role that ALIBABA_CLOUD_ECS_METADATA names': {
      env: () => role({ role: 'EasRole' }),
      keyId: 'STS.Id1',
    },
    'an EcsRamRole profile': {
      prepare: () => profiles('ecs', { name: 'ecs', mode: 'EcsRamRole', ram_role_name: 'EasRole' }),
      env: () => ({ ...role({ role: 'EasRole' }), ALIBABA_CLOUD_ECS_METADATA: '' }),
      keyId: 'STS.Id1',
    },
  };

  test.each(Object.entries(ways))('%s', async (_, way) => {
    way.prepare?.();
    const given = typeof way.env === 'function' ? way.env() : way.env;
    const env = { EAS_ENDPOINT: 'cn-shanghai', ...given };
    const listed = await cloud.run([...(way.argv ?? []), 'ls'], env);
    expect(listed).toMatchObject({ code: 0, err: '' });
    const uploaded = await cloud.run([...(way.argv ?? []), 'upload', 'model.bin'], env);
    expect(uploaded).toMatchObject({ code: 0, err: '' });
    expect(uploaded.out).toContain(`oss://${BUCKET}/${UID}/model.bin`);
    const signers = new Map(cloud.seen.map(({ host, keyId }) => [host, keyId.replace(/Id\d$/, 'Id')]));
    const expected = way.keyId.replace(/Id\d$/, 'Id');
    expect(Object.fromEntries(signers)).toEqual({
      'pai-eas.cn-shanghai.aliyuncs.com': expected,
      'sts.aliyuncs.com': expected,
      [`${BUCKET}.oss-cn-shanghai.aliyuncs.com`]: expected,
    });
    const shown = await cloud.run([...(way.argv ?? []), 'config', 'show'], env);
    expect(shown.code).toBe(0);
    expect(shown.out + listed.out + uploaded.out).not.toMatch(
      /plain-secret|sts-secret|sts-token|role-secret|role-token/,
    );
  });

  test('the region of the profile in use is the endpoint when none is configured', async () => {
    profiles('sts', plain, sts);
    expect(await cloud.run(['ls'])).toMatchObject({ code: 0 });
    expect(cloud.seen[0]!.host).toBe('pai-eas.cn-shanghai.aliyuncs.com');
  });

  test.each<[string, () => void, string, string]>([
    [
      'RamRoleArn',
      () => profiles('arn', { name: 'arn', mode: 'RamRoleArn', access_key_id: 'PlainId' }),
      '(profile arn) is of mode RamRoleArn, which only the aliyun CLI can turn into keys',
      'AK, StsToken and EcsRamRole',
    ],
    [
      'an StsToken profile without its token',
      () => profiles('sts', { ...sts, sts_token: '' }),
      '(profile sts) lacks its STS token',
      'aliyun configure',
    ],
    [
      'a current profile that is not there',
      () => profiles('st', plain, sts),
      'has no profile "st"',
      'Did you mean "sts"?',
    ],
    [
      'a file that is no JSON',
      () => {
        profiles('x');
        writeFileSync(
          join(cloud.folder, '.aliyun/config.json'),
          '{"profiles": [{"access_key_secret": "plain-secret"',
        );
      },
      'does not look like a file of the aliyun CLI: it is no JSON',
      'eascmd config',
    ],
    [
      'a profile that holds a number',
      () => profiles('default', { ...plain, access_key_id: 5 }),
      'a profile holds something else than text',
      'eascmd config',
    ],
  ])('%s is refused clearly, with exit code 4', async (_, prepare, message, hint) => {
    prepare();
    const { code, out, err } = await cloud.run(['ls'], { EAS_ENDPOINT: 'cn-shanghai' });
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect(err).not.toContain('plain-secret');
    expect(cloud.seen).toEqual([]);
  });

  test('ALIBABA_CLOUD_PROFILE without the file of the aliyun CLI', async () => {
    const { code, err } = await cloud.run(['ls'], {
      EAS_ENDPOINT: 'cn-shanghai',
      ALIBABA_CLOUD_PROFILE: 'prod',
    });
    expect(code).toBe(4);
    expect(err).toContain('ALIBABA_CLOUD_PROFILE names the profile "prod"');
  });

  test('a profile that is of no use does not disturb those with other keys', async () => {
    profiles('arn', { name: 'arn', mode: 'RamRoleArn' });
    const argv = ['-i', 'PlainId', '-k', 'plain-secret', '-e', 'cn-shanghai', 'ls'];
    expect(await cloud.run(argv)).toMatchObject({ code: 0 });
    ownConfig('access_key_id=PlainId\naccess_key_secret=plain-secret\nendpoint=cn-shanghai\n');
    expect(await cloud.run(['ls'])).toMatchObject({ code: 0 });
  });

  describe('a RAM role', () => {
    const at = { EAS_ENDPOINT: 'cn-shanghai' };

    test('is asked for with a session token', async () => {
      expect(await cloud.run(['ls'], role({ role: 'EasRole' }, at))).toMatchObject({ code: 0 });
      expect(metadata!.log).toEqual([
        'PUT /latest/api/token',
        'GET /latest/meta-data/ram/security-credentials/EasRole v2',
      ]);
    });

    test('is asked for without one where the service knows none', async () => {
      expect(await cloud.run(['ls'], role({ role: 'EasRole', isOld: true }, at))).toMatchObject({ code: 0 });
      expect(metadata!.log).toEqual([
        'PUT /latest/api/token',
        'GET /latest/meta-data/ram/security-credentials/EasRole',
      ]);
    });

    test('is not asked for without one when that is forbidden', async () => {
      const env = role({ role: 'EasRole', isOld: true }, { ...at, ALIBABA_CLOUD_IMDSV1_DISABLED: 'true' });
      const { code, err } = await cloud.run(['ls'], env);
      expect(code).toBe(4);
      expect(err).toContain('ALIBABA_CLOUD_IMDSV1_DISABLED');
      expect(metadata!.log).toEqual(['PUT /latest/api/token']);
    });

    test('that the instance does not have is named', async () => {
      const env = { ...role({ role: 'EasRole' }, at), ALIBABA_CLOUD_ECS_METADATA: 'OtherRole' };
      const { code, err } = await cloud.run(['ls'], env);
      expect(code).toBe(4);
      expect(err).toContain('this instance has no RAM role "OtherRole"');
    });

    test('is renewed before it expires, in the middle of a wait', async () => {
      const statuses = ['Waiting', 'Waiting', 'Waiting', 'Running'];
      cloud.fault = ({ method, target }) => {
        if (method !== 'GET' || !target.includes('/services/cn-shanghai/')) return undefined;
        const Status = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
        return Response.json({ RequestId: 'R', ServiceName: 'echo', Status, Region: 'cn-shanghai' });
      };
      try {
        // Four minutes are less than the program wants to have left.
        const env = role({ role: 'EasRole', lifetime: () => 240 }, at);
        expect(await cloud.run(['wait', 'echo'], env)).toMatchObject({ code: 0 });
        const signers = cloud.seen.map(({ keyId }) => keyId);
        expect(new Set(signers).size).toBe(signers.length);
        expect(signers.length).toBeGreaterThan(2);
      } finally {
        cloud.fault = undefined;
      }
    });

    test('whose service is not there tells so at once', async () => {
      const env = role({ role: 'EasRole' }, at);
      metadata!.stop();
      const { code, err } = await cloud.run(['ls'], env);
      expect(code).toBe(4);
      expect(err).toContain('cannot be reached: ECONNREFUSED');
      expect(err).toContain('ALIBABA_CLOUD_ECS_METADATA');
    });
  });
});
