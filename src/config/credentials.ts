import { credentialsError } from '../core/errors.ts';
import type { Credentials, Sourced, ValueSource } from '../core/target.ts';
import type { Values } from './values.ts';

export const TWO_WAYS_ON =
  'Run `eascmd config -i <AccessKeyID> -k <AccessKeySecret>` for the cloud, or add `-e local` to use this machine.';

export interface SourcedCredentials {
  accessKeyId: Sourced<string>;
  accessKeySecret: Sourced<string>;
  securityToken?: Sourced<string>;
}

/**
 * The AccessKey pair of the first source that gives either half: halves of different sources do not belong
 * together. A token goes with its own pair, or comes with `-t`. Throws EasError (exit 4) on half a pair.
 */
export function findCredentials(values: Values): SourcedCredentials | undefined {
  const sources: ValueSource[] = ['flag', 'environment', 'file'];
  for (const source of sources) {
    const pair = pairFrom(values, source);
    if (pair) return pair;
  }
  return undefined;
}

/** The pair given with -i and -k only: what wins even against the credentials of Local EAS. */
export function credentialsFromFlags(values: Values): SourcedCredentials | undefined {
  return pairFrom(values, 'flag');
}

function pairFrom(values: Values, source: ValueSource): SourcedCredentials | undefined {
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
    accessKeyId,
    accessKeySecret,
    securityToken: values.fromFlag('securityToken') ?? read('securityToken'),
  };
}

export function plain(sourced: SourcedCredentials): Credentials {
  return {
    accessKeyId: sourced.accessKeyId.value,
    accessKeySecret: sourced.accessKeySecret.value,
    securityToken: sourced.securityToken?.value,
  };
}

export function missingCredentials() {
  return credentialsError('NoCredentials', 'no AccessKey is configured', TWO_WAYS_ON);
}
