import { credentialsError } from '../core/errors.ts';
import type { Credentials, Sourced, ValueSource } from '../core/target.ts';
import type { AliyunProfile } from './aliyun-profile.ts';
import type { Values } from './values.ts';

export const TWO_WAYS_ON =
  'Run `eascmd config -i <AccessKeyID> -k <AccessKeySecret>` for the cloud, or add `-e local` to use this machine.';

export interface SourcedKeys {
  kind: 'keys';
  accessKeyId: Sourced<string>;
  accessKeySecret: Sourced<string>;
  securityToken?: Sourced<string>;
}

/** Keys, or the role of the ECS instance that gives them when it is asked. */
export type SourcedCredentials = SourcedKeys | { kind: 'role'; roleName: Sourced<string> };

/**
 * The AccessKey pair or role of the first source that gives one: flags, environment, file, then the profile of the
 * aliyun CLI, which comes before the file when it was named. Halves of different sources do not belong together. A
 * token goes with its own pair, or comes with `-t`. Throws EasError (exit 4) on half a pair.
 */
export function findCredentials(
  values: Values,
  profile: AliyunProfile | undefined,
): SourcedCredentials | undefined {
  const ofProfile = () => profile && fromProfile(profile, values);
  return (
    pairFrom(values, 'flag') ??
    pairFrom(values, 'environment') ??
    roleFromEnvironment(values) ??
    (profile?.isNamed ? ofProfile() : undefined) ??
    pairFrom(values, 'file') ??
    ofProfile()
  );
}

/** The pair given with -i and -k only: what wins even against the credentials of Local EAS. */
export function credentialsFromFlags(values: Values): SourcedKeys | undefined {
  return pairFrom(values, 'flag');
}

function roleFromEnvironment(values: Values): SourcedCredentials | undefined {
  const roleName = values.fromEnvironment('ramRole');
  return roleName && { kind: 'role', roleName: { ...roleName, source: 'role' } };
}

function fromProfile({ from, keys }: AliyunProfile, values: Values): SourcedCredentials {
  const sourced = (value: string): Sourced<string> => ({ value, source: 'file', from });
  if (keys.kind === 'role') return { kind: 'role', roleName: { value: keys.roleName, source: 'role', from } };
  const securityToken = keys.securityToken ? sourced(keys.securityToken) : undefined;
  return {
    kind: 'keys',
    accessKeyId: sourced(keys.accessKeyId),
    accessKeySecret: sourced(keys.accessKeySecret),
    securityToken: values.fromFlag('securityToken') ?? securityToken,
  };
}

function pairFrom(values: Values, source: ValueSource): SourcedKeys | undefined {
  const read = (key: 'accessKeyId' | 'accessKeySecret' | 'securityToken') => {
    if (source === 'flag') return values.fromFlag(key);
    return source === 'environment' ? values.fromEnvironment(key) : values.fromFile(key);
  };
  const accessKeyId = read('accessKeyId');
  const accessKeySecret = read('accessKeySecret');
  if (!accessKeyId && !accessKeySecret) return undefined;
  if (!accessKeyId || !accessKeySecret) {
    const [present, missing] = accessKeyId ? ['ID', 'secret'] : ['secret', 'ID'];
    const from = (accessKeyId ?? accessKeySecret)!.from;
    throw credentialsError(
      'IncompleteCredentials',
      `${from} gives an AccessKey ${present}, but the AccessKey ${missing} is missing`,
      `Give both in the same place (flags -i and -k, environment, or file).`,
    );
  }
  return {
    kind: 'keys',
    accessKeyId,
    accessKeySecret,
    securityToken: values.fromFlag('securityToken') ?? read('securityToken'),
  };
}

export function plain(sourced: SourcedKeys): Credentials {
  return {
    accessKeyId: sourced.accessKeyId.value,
    accessKeySecret: sourced.accessKeySecret.value,
    securityToken: sourced.securityToken?.value,
  };
}

export function missingCredentials() {
  return credentialsError('NoCredentials', 'no AccessKey is configured', TWO_WAYS_ON);
}
