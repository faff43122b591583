import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { credentialsError, EasError, usageError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { isLoopback, type NetworkOptions } from '../core/network.ts';
import type { Credentials, Sourced, Target } from '../core/target.ts';
import { type AliyunProfile, readAliyunProfile } from './aliyun-profile.ts';
import {
  credentialsFromFlags,
  findCredentials,
  missingCredentials,
  plain,
  type SourcedCredentials,
  TWO_WAYS_ON,
} from './credentials.ts';
import { parseEndpoint } from './endpoint.ts';
import { type ConfigPlace, configPlace, readConfig } from './file/store.ts';
import { InstanceRole } from './instance-role.ts';
import { type LocalStatus, probeLocal } from './probe.ts';
import { DEFAULT_REGION, modelBucketOf, objectStoreUrlOf, REGIONS, unknownRegion } from './regions.ts';
import { maskId, maskSecret, maskUrl, row, type SettingRow } from './show.ts';
import { type GlobalFlags, Values } from './values.ts';

export type { SettingRow } from './show.ts';
export type { GlobalFlags } from './values.ts';

export interface SettingsOptions {
  host: Host;
  flags: GlobalFlags;
  /** Starts Local EAS when none runs; called at most once, and only when the target is `local`. */
  ensureLocal: () => Promise<{ info: LocalStatus; credentials: Credentials }>;
  /** Credentials kept in a data directory of Local EAS, for a loopback URL that turns out to be one. */
  readLocalCredentials?: (dataDir: string) => Promise<Credentials | undefined>;
}

export interface UploadPlace {
  bucket: string;
  /** The user named it; the model repository of EAS otherwise, where keys begin with the account's number. */
  isOwnBucket: boolean;
  /** Base URLs; both are the same for Local EAS. */
  objectStoreUrl: string;
  internalObjectStoreUrl: string;
}

export interface Settings {
  /** Where commands go. Starts Local EAS for `-e local`. EasError exit 4 when nothing is configured, 2 when wrong. */
  target(): Promise<Target>;
  /** EasError exit 4 when there are none. */
  credentials(): Promise<Credentials>;
  /** Account of Local EAS; undefined for the cloud, where STS has to be asked. */
  localUid(): Promise<string | undefined>;
  upload(): Promise<UploadPlace>;
  /** Proxies and certificates; EasError exit 2 when the CA file cannot be read. */
  network(): Promise<NetworkOptions>;
  /** For `config show`: secrets are masked, nothing is started or asked. */
  describe(): SettingRow[];
  configFile: string | undefined;
  localDataDir: string | undefined;
  python: string | undefined;
  /** About the configuration file, for stderr. */
  warnings: string[];
}

/** Reads flags, environment and configuration file once. EasError exit 2 on a malformed file. */
export async function loadSettings(options: SettingsOptions): Promise<Settings> {
  const place = configPlace(options.host, options.flags.config);
  const { values, warnings } = await readConfig(options.host, place);
  const all = new Values(options.host, options.flags, values, place?.path);
  return new LoadedSettings(options, place, all, await profileFor(all, options.host), warnings);
}

/** Read only when it may matter; a profile that is of no use is told when credentials are wanted. */
async function profileFor(values: Values, host: Host): Promise<AliyunProfile | EasError | undefined> {
  if (values.fromFlag('accessKeyId') || values.fromEnvironment('accessKeyId')) return undefined;
  if (values.fromFile('accessKeyId') && !values.fromEnvironment('aliyunProfile')) return undefined;
  return readAliyunProfile(host).catch((error) => {
    if (error instanceof EasError) return error;
    throw error;
  });
}

interface Resolved {
  target: Target;
  local?: { status: LocalStatus; credentials?: Credentials };
}

class LoadedSettings implements Settings {
  readonly configFile: string | undefined;
  readonly localDataDir: string | undefined;
  readonly python: string | undefined;
  private resolved: Promise<Resolved> | undefined;
  private role: InstanceRole | undefined;

  constructor(
    private readonly options: SettingsOptions,
    place: ConfigPlace | undefined,
    private readonly values: Values,
    private readonly aliyunProfile: AliyunProfile | EasError | undefined,
    readonly warnings: string[],
  ) {
    const { host } = options;
    this.configFile = place?.path;
    const dataDir = values.fromEnvironment('localDataDir')?.value;
    this.localDataDir = dataDir
      ? resolve(host.cwd, dataDir)
      : host.homeDir
        ? join(host.homeDir, '.eas', 'local')
        : undefined;
    this.python = values.fromEnvironment('python')?.value;
  }

  async target(): Promise<Target> {
    return (await this.resolve()).target;
  }

  async credentials(): Promise<Credentials> {
    const { local } = await this.resolve();
    const flags = credentialsFromFlags(this.values);
    if (flags) return plain(flags);
    if (local?.credentials) return local.credentials;
    const found = this.find();
    if (!found) throw missingCredentials();
    if (found.kind === 'keys') return plain(found);
    this.role ??= new InstanceRole({
      roleName: found.roleName.value,
      from: found.roleName.from,
      metadataUrl: this.values.fromEnvironment('metadataUrl')?.value,
      isV1Disabled: this.values.fromEnvironment('imdsV1Disabled')?.value.toLowerCase() === 'true',
    });
    return this.role.credentials();
  }

  private find(): SourcedCredentials | undefined {
    if (!(this.aliyunProfile instanceof EasError)) return findCredentials(this.values, this.aliyunProfile);
    const found = findCredentials(this.values, undefined);
    if (found) return found;
    throw this.aliyunProfile;
  }

  async localUid(): Promise<string | undefined> {
    return (await this.resolve()).local?.status.uid;
  }

  async upload(): Promise<UploadPlace> {
    const { target, local } = await this.resolve();
    const named = this.values.get('ossBucket')?.value;
    const bucket = named ?? modelBucketOf(target.region);
    const isOwn = local || this.values.get('ossEndpoint');
    const internal = isOwn ? target.objectStoreUrl : objectStoreUrlOf(target.region, 'internal');
    return {
      bucket,
      isOwnBucket: named !== undefined,
      objectStoreUrl: target.objectStoreUrl,
      internalObjectStoreUrl: internal,
    };
  }

  async network(): Promise<NetworkOptions> {
    const caFile = this.values.get('caFile');
    return {
      httpProxy: this.proxy('httpProxy'),
      httpsProxy: this.proxy('httpsProxy'),
      noProxy: this.values.get('noProxy')?.value,
      ca: caFile && (await readCertificates(resolve(this.options.host.cwd, caFile.value), caFile.from)),
    };
  }

  describe(): SettingRow[] {
    const { values } = this;
    const endpoint = this.endpoint();
    const parsed = endpoint && parseEndpoint(endpoint.value, endpoint.from);
    const region = parsed?.kind === 'local' ? 'local' : parsed?.region;
    const fromEndpoint = endpoint && region && { ...endpoint, value: region };
    const found = this.find();
    const pair = found?.kind === 'keys' ? found : undefined;
    const role = found?.kind === 'role' ? found.roleName : undefined;
    return [
      ...row('endpoint', endpoint),
      ...row('region', fromEndpoint || values.get('region')),
      ...row('access_key_id', pair?.accessKeyId, maskId),
      ...row('access_key_secret', pair?.accessKeySecret, maskSecret),
      ...row('security_token', pair?.securityToken, maskSecret),
      ...row('ram_role', role && { ...role, value: role.value || 'the one of this instance' }),
      ...row('oss_endpoint', values.get('ossEndpoint')),
      ...row('oss_bucket', values.get('ossBucket')),
      ...row('http_proxy', values.get('httpProxy'), maskUrl),
      ...row('https_proxy', values.get('httpsProxy'), maskUrl),
      ...row('no_proxy', values.get('noProxy')),
      ...row('ca_file', values.get('caFile')),
      ...row('local_data_dir', this.localDataDirRow()),
      ...row('python', values.fromEnvironment('python')),
    ];
  }

  private localDataDirRow(): Sourced<string> | undefined {
    if (!this.localDataDir) return undefined;
    const given = this.values.fromEnvironment('localDataDir');
    return { value: this.localDataDir, source: given?.source ?? 'default', from: given?.from ?? 'default' };
  }

  /** The configured endpoint, or the region of the profile in use; Shanghai when there are credentials only (eascmd.md 1.2, `config`). */
  private endpoint(): Sourced<string> | undefined {
    const given = this.values.get('endpoint');
    if (given) return given;
    const found = this.find();
    if (!found) return undefined;
    const profile = this.aliyunProfile as AliyunProfile | undefined;
    const from = found.kind === 'keys' ? found.accessKeyId.from : found.roleName.from;
    if (profile?.region && profile.from === from) return { value: profile.region, source: 'file', from };
    return { value: DEFAULT_REGION, source: 'default', from: 'default' };
  }

  private resolve(): Promise<Resolved> {
    this.resolved ??= this.findTarget();
    return this.resolved;
  }

  private async findTarget(): Promise<Resolved> {
    const endpoint = this.endpoint();
    if (!endpoint) throw credentialsError('NoConfiguration', 'nothing is configured yet', TWO_WAYS_ON);
    const parsed = parseEndpoint(endpoint.value, endpoint.from);
    if (parsed.kind === 'local') {
      const { info, credentials } = await this.options.ensureLocal();
      return { target: localTarget(info), local: { status: info, credentials } };
    }
    if (parsed.region) return { target: this.cloudTarget(parsed.apiUrl, parsed.region) };
    const region = this.configuredRegion();
    // On loopback the listener knows better than a region that was set for something else.
    const mayBeLocal = !region || isLoopback(new URL(parsed.apiUrl).hostname);
    const status = mayBeLocal ? await probeLocal(parsed.apiUrl) : undefined;
    if (!status && region) return { target: this.cloudTarget(parsed.apiUrl, region) };
    if (!status)
      throw usageError(
        'UnknownEndpoint',
        `cannot tell the region of ${parsed.apiUrl} (from ${endpoint.from}), and no Local EAS answers there`,
        'Give a region id or pai-eas.<region>.aliyuncs.com, or set EAS_REGION for an address of your own.',
      );
    const credentials = status.dataDir && (await this.options.readLocalCredentials?.(status.dataDir));
    const target = { ...localTarget(status), apiUrl: parsed.apiUrl };
    return { target, local: { status, credentials: credentials || undefined } };
  }

  private configuredRegion(): string | undefined {
    const region = this.values.get('region');
    if (region && !REGIONS.includes(region.value) && region.value !== 'local')
      throw unknownRegion(region.value, region.from);
    return region?.value;
  }

  private cloudTarget(apiUrl: string, region: string): Target {
    const own = this.values.get('ossEndpoint');
    const objectStoreUrl = own ? objectStoreOrigin(own) : objectStoreUrlOf(region);
    return { kind: 'cloud', apiUrl, region, objectStoreUrl };
  }

  private proxy(key: 'httpProxy' | 'httpsProxy'): string | undefined {
    const proxy = this.values.get(key);
    if (!proxy) return undefined;
    const url = proxy.value.includes('://') ? proxy.value : `http://${proxy.value}`;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw usageError(
        'InvalidProxy',
        `${maskUrl(proxy.value)} (from ${proxy.from}) is not the address of an HTTP proxy`,
        'Write it as http://host:port.',
      );
    return url;
  }
}

function localTarget(status: LocalStatus): Target {
  return {
    kind: 'local',
    apiUrl: status.apiUrl,
    region: status.region,
    objectStoreUrl: status.objectStoreUrl,
  };
}

function objectStoreOrigin(sourced: Sourced<string>): string {
  const url = sourced.value.includes('://') ? sourced.value : `http://${sourced.value}`;
  if (!URL.canParse(url) || new URL(url).pathname !== '/')
    throw usageError(
      'InvalidEndpoint',
      `"${sourced.value}" (from ${sourced.from}) is not the address of an object store`,
      'Write a host such as oss-cn-shanghai.aliyuncs.com, or a URL without a path.',
    );
  return new URL(url).origin;
}

async function readCertificates(path: string, from: string): Promise<string> {
  const hint = 'It must be a PEM file with at least one certificate.';
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageError('InvalidCa', `cannot read the certificates ${path} (from ${from}): ${error.code}`, hint);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw usageError('InvalidCa', `${path} (from ${from}) holds no certificate`, hint);
  return text;
}
