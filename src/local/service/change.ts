import { isDeepStrictEqual } from 'node:util';
import type { Config } from './spec.ts';
import { isObject } from './values.ts';

/** What an update amounts to (eascmd.md 1.3): a new version, a new number of instances, other settings, or nothing. */
export type ChangeKind = 'version' | 'scale' | 'settings' | 'nothing';

/** Model or processor information in the sent JSON adds a version, even when it says what was said before. */
const PACKAGE_FIELDS = [
  'model_path',
  'model_entry',
  'model_config',
  'oss_endpoint',
  'processor',
  'processor_path',
  'processor_entry',
  'processor_mainclass',
  'processor_type',
  'processor_params',
  'data_image',
  'warm_up_data_path',
];

export function changeKind(sent: Config, before: Config, after: Config): ChangeKind {
  if (PACKAGE_FIELDS.some((name) => name in sent)) return 'version';
  if (isDeepStrictEqual(before, after)) return 'nothing';
  return isDeepStrictEqual(withoutCount(before), withoutCount(after)) ? 'scale' : 'settings';
}

function withoutCount(config: Config): Config {
  if (!isObject(config.metadata)) return config;
  const { instance: _count, ...metadata } = config.metadata;
  return { ...config, metadata };
}
