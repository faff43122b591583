import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEndpoint } from '../../src/config/endpoint.ts';
import { ENVIRONMENT } from '../../src/config/environment.ts';
import { FILE_KEYS, parseConfig, updateConfig } from '../../src/config/file/format.ts';
import { saveConfig } from '../../src/config/file/store.ts';
import { type GlobalFlags, loadSettings } from '../../src/config/settings.ts';
import { EasError } from '../../src/core/errors.ts';
import type { Host } from '../../src/core/host.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'eascmd-config-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const hostWith = (env: Record<string, string> = {}, homeDir = home): Host => ({
  argv: [],
  env,
  cwd: home,
  platform: process.platform,
  homeDir,
  selfCommand: [],
});

const localEas = {
  info: {
    apiUrl: 'http://127.0.0.1:18500',
    objectStoreUrl: 'http://127.0.0.1:18501',
    region: 'local',
    uid: '1',
  },
  credentials: { accessKeyId: 'LocalId', accessKeySecret: 'LocalSecret' },
};

const load = (flags: GlobalFlags, env: Record<string, string> = {}, homeDir = home) =>
  loadSettings({ host: hostWith(env, homeDir), flags, ensureLocal: async () => localEas });

async function failure(run: () => unknown): Promise<EasError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof EasError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const file = () => join(home, '.eas', 'config');
function writeConfig(text: string, mode = 0o600): void {
  mkdirSync(join(home, '.eas'), { recursive: true, mode: 0o700 });
  writeFileSync(file(), text, { mode });
}

describe('-e takes', () => {
  test.each<[string, string, string | undefined]>([
    ['cn-beijing', 'https://pai-eas.cn-beijing.aliyuncs.com', 'cn-beijing'],
    ['CN-Beijing', 'https://pai-eas.cn-beijing.aliyuncs.com', 'cn-beijing'],
    ['pai-eas.cn-shanghai.aliyuncs.com', 'https://pai-eas.cn-shanghai.aliyuncs.com', 'cn-shanghai'],
    ['http://pai-eas.cn-shanghai.aliyuncs.com/', 'http://pai-eas.cn-shanghai.aliyuncs.com', 'cn-shanghai'],
    [
      'pai-eas-share.cn-shanghai.aliyuncs.com',
      'https://pai-eas-share.cn-shanghai.aliyuncs.com',
      'cn-shanghai',
    ],
    [
      'pai-eas-manage-vpc.cn-hangzhou.aliyuncs.com',
      'https://pai-eas-manage-vpc.cn-hangzhou.aliyuncs.com',
      'cn-hangzhou',
    ],
    ['pai-eas.xx-new-1.aliyuncs.com', 'https://pai-eas.xx-new-1.aliyuncs.com', 'xx-new-1'],
    ['127.0.0.1:18500', 'http://127.0.0.1:18500', undefined],
    ['localhost:18500', 'http://localhost:18500', undefined],
    ['[::1]:18500', 'http://[::1]:18500', undefined],
    ['eas.example.com:8443', 'https://eas.example.com:8443', undefined],
  ])('%s', (text, apiUrl, region) => {
    expect(parseEndpoint(text, '-e')).toEqual({ kind: 'url', apiUrl, region });
  });

  test('local', () => expect(parseEndpoint(' Local ', '-e')).toEqual({ kind: 'local' }));

  test.each([
    ['cn-shanghia', 'unknown region "cn-shanghia" (from -e)', 'Did you mean "cn-shanghai"?'],
    ['loacl', 'unknown region', 'Did you mean "local"?'],
    ['mars', 'unknown region "mars"', 'Give a region id'],
    ['pai-eas.cn-shanghia.aliyuncs.com', 'unknown region "cn-shanghia"', '"cn-shanghai"'],
    ['http://h/path', 'must not have a path', 'a URL without a path'],
    ['ftp://h', 'neither http nor https', ''],
    ['https://user:pw@h', 'user name or password', ''],
    ['http://a b', 'is not an endpoint', ''],
    ['h:99999', 'is not an endpoint', ''],
  ])('refuses %s', async (text, words, hint) => {
    const error = await failure(() => parseEndpoint(text, '-e'));
    expect(error.exit).toBe(2);
    expect(error.message).toContain(words);
    expect(error.hint).toContain(hint);
  });

  test('an unknown region lists the known ones', async () => {
    expect((await failure(() => parseEndpoint('mars', '-e'))).detail.join()).toContain(
      'cn-hangzhou, cn-shenzhen',
    );
  });
});

describe('the configuration file', () => {
  test('is read with comments, quotes, a section and any spelling of keys', () => {
    const text =
      '\uFEFF# mine\r\n[default]\n; more\nAccessKeyId=LTAI1\naccess-key-secret = "a = # b"\n\nENDPOINT = local\ntoken_x = 1\n';
    expect(parseConfig(text, 'f')).toEqual({
      values: { accessKeyId: 'LTAI1', accessKeySecret: 'a = # b', endpoint: 'local' },
      warnings: ['f:8: unknown key "token_x" is ignored'],
    });
  });

  test.each([
    ['garbage', 'endpoint local', 'f:1: this is not "key = value"'],
    ['slip', '\naccess_key_idd = x', 'f:2: unknown key "access_key_idd"'],
    ['twice', 'endpoint=a\nendpoint=b', 'f:2: endpoint is given twice (first on line 1)'],
    ['section', '[prod]', 'f:1: unknown section [prod]'],
  ])('%s is reported with its line', async (_, text, words) => {
    const error = await failure(() => parseConfig(text, 'f'));
    expect(error.exit).toBe(2);
    expect(error.message).toBe(words);
  });

  test('an update keeps comments and what it does not know, and removes values', () => {
    const text = '# mine\nAccessKeyId = old\nfuture = 1\nsecurity_token = t\n';
    expect(updateConfig(text, { accessKeyId: 'new', securityToken: undefined, endpoint: 'local' })).toBe(
      '# mine\naccess_key_id = new\nfuture = 1\nendpoint = local\n',
    );
  });

  test('what is saved is read back', () => {
    const values = { accessKeyId: ' padded ', accessKeySecret: '"quoted"', endpoint: 'a=b#c' };
    expect(parseConfig(updateConfig('', values), 'f').values).toEqual(values);
    expect(() => updateConfig('', { endpoint: 'a\nb' })).toThrow('line break');
  });
});

describe('saving', () => {
  test('makes ~/.eas 0700 and the file 0600, and leaves nothing else', async () => {
    expect(await saveConfig(hostWith(), undefined, { accessKeyId: 'id' })).toBe(file());
    expect(statSync(join(home, '.eas')).mode & 0o777).toBe(0o700);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(home, '.eas'))).toEqual(['config']);
  });

  test('repairs looser modes of ~/.eas, not of a folder named with -c', async () => {
    writeConfig('endpoint = local\n', 0o644);
    chmodSync(join(home, '.eas'), 0o755);
    await load({});
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, '.eas')).mode & 0o777).toBe(0o700);
    mkdirSync(join(home, 'shared'), { mode: 0o755 });
    const path = await saveConfig(hostWith(), join(home, 'shared', 'a.conf'), { accessKeyId: 'id' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'shared')).mode & 0o777).toBe(0o755);
  });

  test('a link stays a link', async () => {
    writeFileSync(join(home, 'real'), 'endpoint = local\n', { mode: 0o600 });
    mkdirSync(join(home, '.eas'), { mode: 0o700 });
    symlinkSync(join(home, 'real'), file());
    await saveConfig(hostWith(), undefined, { accessKeyId: 'id' });
    expect(readFileSync(join(home, 'real'), 'utf8')).toBe('endpoint = local\naccess_key_id = id\n');
  });

  test('a write that fails half-way is told, loses nothing and leaves nothing behind', async () => {
    writeConfig('endpoint = local\n');
    const store = join(import.meta.dir, '../../src/config/file/store.ts');
    const script = `import { saveConfig } from '${store}';
      const host = { argv: [], env: {}, cwd: '/', platform: process.platform, homeDir: '${home}', selfCommand: [] };
      await saveConfig(host, undefined, { accessKeyId: 'x'.repeat(10) }).catch((error) => console.log(error.message, '|', error.hint));`;
    // No file may grow beyond 0 blocks: the write fails as it does on a full disk.
    const child = Bun.spawn(
      ['sh', '-c', `trap '' XFSZ; ulimit -f 0; exec "$0" -e "$1"`, process.execPath, script],
      {
        stdout: 'pipe',
        stderr: 'pipe',
      },
    );
    const output = await new Response(child.stdout).text();
    expect(output).toContain(`cannot save the configuration to ${file()}`);
    expect(output).toContain('-c <file>');
    expect(readFileSync(file(), 'utf8')).toBe('endpoint = local\n');
    expect(readdirSync(join(home, '.eas'))).toEqual(['config']);
  });

  test('a malformed file is not overwritten', async () => {
    writeConfig('what is this\n');
    const error = await failure(() => saveConfig(hostWith(), undefined, { accessKeyId: 'id' }));
    expect(error.message).toContain('config:1:');
    expect(readFileSync(file(), 'utf8')).toBe('what is this\n');
  });

  test('without a home it says how to name a file', async () => {
    const none = await failure(() => saveConfig(hostWith({}, ''), undefined, { accessKeyId: 'id' }));
    expect(none.hint).toContain('-c <file>');
    const bad = await failure(() =>
      saveConfig(hostWith({}, '/proc/nothing'), undefined, { accessKeyId: 'id' }),
    );
    expect(bad.message).toContain('cannot save the configuration to /proc/nothing/.eas/config');
    expect(bad.hint).toContain('-c <file>');
  });

  test('an endpoint that means nothing is not saved', async () => {
    await failure(() => saveConfig(hostWith(), undefined, { endpoint: 'cn-shanghia' }));
    expect(existsSync(file())).toBe(false);
  });
});

describe('settings', () => {
  test('nothing configured: exit 4 and the two ways on', async () => {
    for (const homeDir of [home, '', '/proc/nothing']) {
      const settings = await load({}, {}, homeDir);
      const error = await failure(() => settings.target());
      expect({ code: error.code, exit: error.exit }).toEqual({ code: 'NoConfiguration', exit: 4 });
      expect(error.hint).toContain('eascmd config');
      expect(error.hint).toContain('-e local');
    }
  });

  test('credentials alone mean Shanghai', async () => {
    const settings = await load({ accessKeyId: 'id', accessKeySecret: 'secret' });
    expect(await settings.target()).toEqual({
      kind: 'cloud',
      apiUrl: 'https://pai-eas.cn-shanghai.aliyuncs.com',
      region: 'cn-shanghai',
      objectStoreUrl: 'http://oss-cn-shanghai.aliyuncs.com',
    });
    expect(await settings.upload()).toEqual({
      bucket: 'eas-model-shanghai',
      isOwnBucket: false,
      objectStoreUrl: 'http://oss-cn-shanghai.aliyuncs.com',
      internalObjectStoreUrl: 'http://oss-cn-shanghai-internal.aliyuncs.com',
    });
  });

  test('flag before environment before file, each with its source; secrets are masked', async () => {
    writeConfig(
      'access_key_id = LTAIfromFile99\naccess_key_secret = verysecret\nendpoint = cn-beijing\noss_bucket = mine\nhttps_proxy = http://me:hidden@proxy:3128\n',
    );
    const settings = await load(
      { endpoint: 'cn-hangzhou' },
      { EAS_OSS_BUCKET: 'yours', EAS_ENDPOINT: 'local' },
    );
    expect(await settings.target()).toMatchObject({ region: 'cn-hangzhou' });
    const rows = settings.describe();
    expect(rows.slice(0, 4)).toEqual([
      { name: 'endpoint', value: 'cn-hangzhou', source: 'flag', from: '-e' },
      { name: 'region', value: 'cn-hangzhou', source: 'flag', from: '-e' },
      { name: 'access_key_id', value: 'LTAI****le99', source: 'file', from: file() },
      { name: 'access_key_secret', value: '****', source: 'file', from: file() },
    ]);
    expect(rows).toContainEqual({
      name: 'oss_bucket',
      value: 'yours',
      source: 'environment',
      from: 'EAS_OSS_BUCKET',
    });
    expect(rows).toContainEqual({
      name: 'https_proxy',
      value: 'http://me:****@proxy:3128',
      source: 'file',
      from: file(),
    });
    expect(JSON.stringify(rows)).not.toMatch(/verysecret|hidden/);
  });

  test("the vendor's names of variables work, ours come first", async () => {
    const vendor = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'v',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'vs',
      ALIBABA_CLOUD_SECURITY_TOKEN: 'vt',
    };
    expect(await (await load({}, vendor)).credentials()).toEqual({
      accessKeyId: 'v',
      accessKeySecret: 'vs',
      securityToken: 'vt',
    });
    const ours = await load({}, { ...vendor, EAS_ACCESS_KEY_ID: 'o', EAS_ACCESS_KEY_SECRET: 'os' });
    expect(await ours.credentials()).toMatchObject({ accessKeyId: 'o', accessKeySecret: 'os' });
  });

  test('a pair on the command line does not take the token of the environment', async () => {
    const env = { ALIBABA_CLOUD_SECURITY_TOKEN: 'other' };
    const pair = { accessKeyId: 'id', accessKeySecret: 'secret' };
    expect((await (await load(pair, env)).credentials()).securityToken).toBeUndefined();
    expect((await (await load({ ...pair, stsToken: 'mine' }, env)).credentials()).securityToken).toBe('mine');
  });

  test('half a pair is told, not completed from elsewhere', async () => {
    const settings = load(
      { accessKeyId: 'id', endpoint: 'cn-beijing' },
      { ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' },
    );
    const error = await failure(async () => (await settings).credentials());
    expect({ exit: error.exit, message: error.message }).toEqual({
      exit: 4,
      message: '-i gives an AccessKey ID, but the AccessKey secret is missing',
    });
  });

  test('an endpoint without credentials: exit 4', async () => {
    const error = await failure(async () => (await load({ endpoint: 'cn-beijing' })).credentials());
    expect({ code: error.code, exit: error.exit }).toEqual({ code: 'NoCredentials', exit: 4 });
  });

  test('local brings its own credentials; those of the environment are for the cloud; -i/-k win', async () => {
    const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'v', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'vs' };
    const local = await load({ endpoint: 'local' }, env);
    expect(await local.target()).toEqual({
      kind: 'local',
      apiUrl: 'http://127.0.0.1:18500',
      region: 'local',
      objectStoreUrl: 'http://127.0.0.1:18501',
    });
    expect(await local.credentials()).toEqual(localEas.credentials);
    expect(await local.localUid()).toBe('1');
    const explicit = await load({ endpoint: 'local', accessKeyId: 'x', accessKeySecret: 'y' }, env);
    expect(await explicit.credentials()).toMatchObject({ accessKeyId: 'x', accessKeySecret: 'y' });
  });

  test('Local EAS is started once, and not by `config show`', async () => {
    let starts = 0;
    const settings = await loadSettings({
      host: hostWith(),
      flags: { endpoint: 'local' },
      ensureLocal: async () => {
        starts++;
        return localEas;
      },
    });
    settings.describe();
    expect(starts).toBe(0);
    await Promise.all([settings.target(), settings.credentials(), settings.upload()]);
    expect(starts).toBe(1);
  });

  test('a loopback URL is asked whether it is Local EAS', async () => {
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) =>
        new URL(request.url).pathname === '/_eascmd/status'
          ? Response.json({ ...localEas.info, dataDir: '/data' })
          : new Response('', { status: 404 }),
    });
    try {
      const asked: string[] = [];
      const settings = await loadSettings({
        host: hostWith({ EAS_REGION: 'cn-beijing' }),
        flags: { endpoint: `127.0.0.1:${server.port}` },
        ensureLocal: async () => localEas,
        readLocalCredentials: async (dataDir) => {
          asked.push(dataDir);
          return localEas.credentials;
        },
      });
      expect(await settings.target()).toEqual({
        kind: 'local',
        apiUrl: `http://127.0.0.1:${server.port}`,
        region: 'local',
        objectStoreUrl: 'http://127.0.0.1:18501',
      });
      expect(await settings.credentials()).toEqual(localEas.credentials);
      expect(asked).toEqual(['/data']);
    } finally {
      server.stop(true);
    }
  });

  test('an address that is neither EAS nor Local EAS is told; with a region it is taken', async () => {
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('hello') });
    try {
      const flags = { endpoint: `http://127.0.0.1:${server.port}` };
      const error = await failure(async () => (await load(flags)).target());
      expect({ code: error.code, exit: error.exit }).toEqual({ code: 'UnknownEndpoint', exit: 2 });
      expect(await (await load(flags, { EAS_REGION: 'cn-beijing' })).target()).toMatchObject({
        kind: 'cloud',
        region: 'cn-beijing',
      });
    } finally {
      server.stop(true);
    }
  });

  test('a file named with -c or EAS_CONFIG has to exist', async () => {
    const flag = await failure(() => load({ config: 'nowhere.conf' }));
    expect({ exit: flag.exit, message: flag.message }).toEqual({
      exit: 2,
      message: `the configuration file ${join(home, 'nowhere.conf')} (from -c) does not exist`,
    });
    const variable = await failure(() => load({}, { EAS_CONFIG: '/nowhere' }));
    expect(variable.message).toContain('(from EAS_CONFIG)');
  });

  test('proxies and certificates', async () => {
    writeFileSync(join(home, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n');
    const settings = await load({}, { https_proxy: 'proxy:3128', NO_PROXY: 'a,b', EAS_CA_FILE: 'ca.pem' });
    expect(await settings.network()).toEqual({
      httpProxy: undefined,
      httpsProxy: 'http://proxy:3128',
      noProxy: 'a,b',
      ca: '-----BEGIN CERTIFICATE-----\n',
    });
    const noFile = await failure(async () => (await load({}, { SSL_CERT_FILE: '/nowhere' })).network());
    expect(noFile.message).toContain('/nowhere (from SSL_CERT_FILE)');
    const socks = await failure(async () => (await load({}, { HTTP_PROXY: 'socks5://u:pw@h' })).network());
    expect(socks.message).toContain(
      'socks5://u:****@h (from HTTP_PROXY) is not the address of an HTTP proxy',
    );
  });

  test('data directory and interpreter of Local EAS', async () => {
    const given = await load({}, { EAS_LOCAL_DATA_DIR: 'data', EAS_PYTHON: '/usr/bin/python3.11' });
    expect([given.localDataDir, given.python]).toEqual([join(home, 'data'), '/usr/bin/python3.11']);
    expect((await load({})).localDataDir).toBe(join(home, '.eas', 'local'));
    expect((await load({}, {}, '')).localDataDir).toBeUndefined();
  });
});

test('docs/configuration.md names every variable and key', () => {
  const page = readFileSync(join(import.meta.dir, '../../docs/configuration.md'), 'utf8');
  const names = [
    ...Object.values(ENVIRONMENT).flatMap((entry) => [...entry.names]),
    ...Object.values(FILE_KEYS),
  ];
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
