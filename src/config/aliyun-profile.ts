import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialsError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { closest } from '../core/suggest.ts';
import { readVariable } from './environment.ts';

/** What a profile of the vendor's general CLI gives us. */
export type ProfileKeys =
  | { kind: 'keys'; accessKeyId: string; accessKeySecret: string; securityToken?: string }
  | { kind: 'role'; roleName: string };

export interface AliyunProfile {
  /** File and profile, for people. */
  from: string;
  /** Whether ALIBABA_CLOUD_PROFILE named it; then it stands before our own file. */
  isNamed: boolean;
  region: string | undefined;
  keys: ProfileKeys;
}

const MODES = 'AK, StsToken and EcsRamRole';

/**
 * The current profile of `~/.aliyun/config.json`, or the one named by ALIBABA_CLOUD_PROFILE. The file belongs to the
 * `aliyun` CLI and is only read. Undefined when there is no file or the profile was never filled in; EasError (exit
 * 4) for a mode that needs that CLI, or a file that makes no sense.
 */
export async function readAliyunProfile(host: Host): Promise<AliyunProfile | undefined> {
  const named = readVariable(host.env, 'aliyunProfile');
  if (!host.homeDir) return undefined;
  const path = join(host.homeDir, '.aliyun', 'config.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    if (!named) return undefined;
    throw refuse(`${named.name} names the profile "${named.value}", but ${path} cannot be read`);
  }
  const { current, profiles } = parse(text, path);
  const wanted = named?.value ?? current ?? 'default';
  const profile = profiles.find(({ name }) => name === wanted);
  if (!profile) {
    if (!named && profiles.length === 0) return undefined;
    const names = profiles.map(({ name }) => name ?? '');
    const similar = closest(wanted, names);
    const hint = similar ? `Did you mean "${similar}"?` : `Its profiles: ${names.join(', ') || 'none'}.`;
    throw refuse(`${path} has no profile "${wanted}"`, hint);
  }
  const from = `${path} (profile ${wanted})`;
  const keys = keysOf(profile, from);
  return keys && { from, isNamed: named !== undefined, region: profile.region_id || undefined, keys };
}

interface RawProfile {
  name?: string;
  mode?: string;
  region_id?: string;
  access_key_id?: string;
  access_key_secret?: string;
  sts_token?: string;
  ram_role_name?: string;
}

function keysOf(profile: RawProfile, from: string): ProfileKeys | undefined {
  const { mode = 'AK' } = profile;
  if (mode === 'EcsRamRole') return { kind: 'role', roleName: profile.ram_role_name ?? '' };
  if (mode !== 'AK' && mode !== 'StsToken')
    throw refuse(
      `${from} is of mode ${mode}, which only the aliyun CLI can turn into keys`,
      `Choose a profile of mode ${MODES} with ALIBABA_CLOUD_PROFILE, or give -i and -k.`,
    );
  const { access_key_id: accessKeyId, access_key_secret: accessKeySecret, sts_token: token } = profile;
  if (!accessKeyId && !accessKeySecret) return undefined;
  if (!accessKeyId || !accessKeySecret || (mode === 'StsToken' && !token)) {
    const missing = !accessKeyId ? 'AccessKey ID' : !accessKeySecret ? 'AccessKey secret' : 'STS token';
    throw refuse(`${from} lacks its ${missing}`, 'Complete it with: aliyun configure');
  }
  // An AK profile may carry the token of an earlier life; the aliyun CLI ignores it too.
  return {
    kind: 'keys',
    accessKeyId,
    accessKeySecret,
    securityToken: mode === 'StsToken' ? token : undefined,
  };
}

function parse(text: string, path: string): { current?: string; profiles: RawProfile[] } {
  try {
    const { current, profiles } = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (!Array.isArray(profiles)) throw new TypeError('it has no list of profiles');
    const isText = (value: unknown) => value === undefined || value === null || typeof value === 'string';
    const isProfile = (entry: unknown) =>
      typeof entry === 'object' &&
      entry !== null &&
      FIELDS.every((field) => isText((entry as Record<string, unknown>)[field]));
    if (!profiles.every(isProfile)) throw new TypeError('a profile holds something else than text');
    return { current: typeof current === 'string' && current ? current : undefined, profiles };
  } catch (error) {
    // A parser's message may quote what it read, and that may be a secret.
    const what = error instanceof TypeError ? error.message : 'it is no JSON';
    throw refuse(`${path} does not look like a file of the aliyun CLI: ${what}`);
  }
}

const FIELDS: (keyof RawProfile)[] = [
  'name',
  'mode',
  'region_id',
  'access_key_id',
  'access_key_secret',
  'sts_token',
  'ram_role_name',
];

function refuse(message: string, hint?: string) {
  return credentialsError(
    'InvalidProfile',
    message,
    hint ?? 'Repair it with `aliyun configure`, or use: eascmd config -i <AccessKeyID> -k <AccessKeySecret>',
  );
}
