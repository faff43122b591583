import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { runCli } from '../../../src/cli/run.ts';
import { objectStoreServeOptions, openObjectStore } from '../../../src/local/objects/index.ts';
import { requestTarget, verifyApiRequest } from '../../../src/local/signature/index.ts';
import { makeCertificate } from '../certificate.ts';
import { type FakeIoOptions, fakeIo } from '../fake-io.ts';
import { type Proxy as ForwardProxy, type ProxyOptions, startProxy } from '../proxy.ts';
import { hostOf } from '../scripted-eas.ts';

/** Names under which the cloud is asked for; nobody resolves them here, the proxy stands in for the name service. */
const certificate = makeCertificate([
  'DNS:sts.aliyuncs.com',
  'DNS:*.cn-shanghai.aliyuncs.com',
  'DNS:*.oss-cn-shanghai.aliyuncs.com',
  'DNS:*.oss-cn-shanghai-internal.aliyuncs.com',
]);
/** Without openssl there is no cloud to pretend. */
export const canPretendCloud = certificate !== undefined;

export const UID = '1828488879220000';
export const BUCKET = 'eas-model-shanghai';
const OWNER = { id: 'OwnerOfTheBucket', secret: 'owner-secret' };

export interface Key {
  secret: string;
  /** The key is refused without it. */
  token?: string;
}

export interface Seen {
  host: string;
  method: string;
  target: string;
  /** Key that signed it, empty for predictions. */
  keyId: string;
}

/** Answers instead of the cloud when it returns something; `count` is the number of requests of this host so far. */
export type Fault = (seen: Seen, count: number) => Response | Promise<Response> | undefined;

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/**
 * The cloud as a laptop sees it, behind one forward proxy: EAS and STS with checked signatures, OSS (the store of Local
 * EAS in another name), and a service that answers what it is sent. `run` runs the program in-process against it.
 */
export class FakeCloud {
  readonly folder = mkdtempSync(join(tmpdir(), 'eascmd-cloud-'));
  readonly keys = new Map<string, Key>();
  readonly seen: Seen[] = [];
  fault: Fault | undefined;
  proxy!: ForwardProxy;
  private readonly servers: Bun.Server<undefined>[] = [];
  private readonly store = openObjectStore({
    dir: join(this.folder, 'objects'),
    region: 'cn-shanghai',
    lookupSecret: (id) => (id === OWNER.id ? OWNER.secret : this.keys.get(id)?.secret),
    log: () => {},
  });

  static async start(options: Omit<ProxyOptions, 'portOf'> = {}): Promise<FakeCloud> {
    const cloud = new FakeCloud();
    const serve = (tls?: typeof certificate) =>
      Bun.serve({
        ...objectStoreServeOptions,
        port: 0,
        hostname: '127.0.0.1',
        tls,
        fetch: (request, server) => cloud.answer(request, server),
      });
    const [secure, plain] = [serve(certificate), serve()];
    cloud.servers.push(secure, plain);
    cloud.proxy = await startProxy({
      ...options,
      portOf: ({ port }, isConnect) => (isConnect && port !== '80' ? secure.port! : plain.port!),
    });
    writeFileSync(join(cloud.folder, 'ca.pem'), certificate!.cert);
    const owner = new OSS({
      endpoint: `http://127.0.0.1:${plain.port}`,
      region: 'oss-cn-shanghai',
      accessKeyId: OWNER.id,
      accessKeySecret: OWNER.secret,
    });
    await owner.putBucket(BUCKET);
    cloud.seen.length = 0;
    return cloud;
  }

  async run(argv: string[], env: Record<string, string> = {}, io: FakeIoOptions = {}): Promise<Ran> {
    const fake = fakeIo({ stdin: '', ...io });
    const network = {
      HTTPS_PROXY: this.proxy.url,
      HTTP_PROXY: this.proxy.url,
      EAS_CA_FILE: join(this.folder, 'ca.pem'),
    };
    const host = hostOf(argv, { homeDir: this.folder, cwd: this.folder, env: { ...network, ...env } });
    const code = await runCli(host, fake);
    return { code, out: fake.out(), err: fake.err() };
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  stored(key: string): string | undefined {
    return this.store.objectFile(BUCKET, key)?.path;
  }

  stop(): void {
    this.proxy.stop();
    for (const server of this.servers) void server.stop(true);
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answer(request: Request, server: Bun.Server<undefined>): Promise<Response> {
    const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '');
    const target = requestTarget(request);
    const keyId = keyIdOf(request.headers.get('authorization') ?? '', target);
    const seen = { host, method: request.method, target, keyId };
    this.seen.push(seen);
    const injected = await this.fault?.(seen, this.seen.filter((other) => other.host === host).length);
    if (injected) return injected;
    if (/\.oss-cn-shanghai/.test(host)) return this.answerOss(request, server, keyId);
    if (/^sts(-vpc\.cn-shanghai)?\.aliyuncs\.com$/.test(host)) return this.answerSts(target, keyId);
    if (/^pai-eas[a-z-]*\.cn-shanghai\.aliyuncs\.com$/.test(host))
      return this.answerEas(request, target, keyId);
    if (host.startsWith(`${UID}.`))
      return request.headers.get('authorization') === 'service-token'
        ? new Response(`echo ${await request.text()}`)
        : new Response('wrong token', { status: 401 });
    return this.store.fetch(request, server);
  }

  private async answerEas(request: Request, target: string, keyId: string): Promise<Response> {
    const body = new Uint8Array(await request.arrayBuffer());
    const { method, headers } = request;
    const signed = { method, target, headers, body };
    const verdict = verifyApiRequest(signed, (id) => this.keys.get(id)?.secret, Date.now());
    if (!verdict.ok) return refusal(verdict.status, verdict.code);
    if (headers.get('x-acs-security-token') !== (this.keys.get(keyId)?.token ?? null))
      return refusal(400, 'InvalidSecurityToken.Mismatch');
    const name = /\/services\/cn-shanghai\/([^/?]+)/.exec(target)?.[1];
    if (method === 'GET' && !name)
      return Response.json({ ...reply(), Services: [service('echo')], TotalCount: 1 });
    if (method === 'GET') return Response.json({ ...reply(), ...service(name!) });
    const made = name ?? JSON.parse(new TextDecoder().decode(body)).name;
    return Response.json({ ...reply(), ...service(made), Message: 'accepted' });
  }

  private answerSts(target: string, keyId: string): Response {
    const token = new URL(target, 'http://x').searchParams.get('SecurityToken');
    const key = this.keys.get(keyId);
    if (!key) return refusal(404, 'InvalidAccessKeyId.NotFound');
    if (token !== (key.token ?? null)) return refusal(400, 'InvalidSecurityToken.Mismatch');
    return Response.json({ ...reply(), AccountId: UID, UserId: '2', Arn: 'arn' });
  }

  private answerOss(request: Request, server: Bun.Server<undefined>, keyId: string) {
    if (request.headers.get('x-oss-security-token') !== (this.keys.get(keyId)?.token ?? null))
      return new Response('<Error><Code>InvalidSecurityToken</Code><Message>token</Message></Error>', {
        status: 403,
      });
    return this.store.fetch(request, server);
  }
}

const reply = () => ({ RequestId: crypto.randomUUID().toUpperCase() });
const refusal = (status: number, Code: string) =>
  Response.json({ ...reply(), Code, Message: Code }, { status });

const service = (ServiceName: string) => ({
  ServiceName,
  Region: 'cn-shanghai',
  Status: 'Running',
  TotalInstance: 1,
  RunningInstance: 1,
  PendingInstance: 0,
  CurrentVersion: 2,
  LatestVersion: 2,
  AccessToken: 'service-token',
  InternetEndpoint: `http://${UID}.cn-shanghai.pai-eas.aliyuncs.com/api/predict/${ServiceName}`,
  IntranetEndpoint: `http://${UID}.vpc.cn-shanghai.pai-eas.aliyuncs.com/api/predict/${ServiceName}`,
});

/** `acs id:…`, `…Credential=id…`, `OSS id:…`, or the AccessKeyId of an RPC query. */
function keyIdOf(authorization: string, target: string): string {
  const signed = /^(?:acs|OSS) ([^:]+):|Credential=([^/,]+)/.exec(authorization);
  return signed?.[1] ?? signed?.[2] ?? new URL(target, 'http://x').searchParams.get('AccessKeyId') ?? '';
}
