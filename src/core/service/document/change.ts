import type { ServiceDocument } from '../model.ts';
import { isSection } from './fields.ts';
import { isObject } from './rules.ts';

/** Fields that say which service is meant, not what to change. */
const IDENTITY = new Set(['name', 'metadata.name', 'metadata.region']);
/** Model and processor information: sending any of it makes a new version (eascmd.md 1.3, manual 6.5). */
const VERSIONED = /^(model_|processor|data_image$|warm_up_data_path$|containers$)/;

/**
 * What `modify` with this document amounts to (eascmd.md 1.3): `scale` touches only metadata.instance and leaves
 * existing instances alone, `version` adds a version, `config` is a rolling update of the same version.
 */
export function classifyChange(document: ServiceDocument): 'scale' | 'config' | 'version' {
  const paths = leafPaths(document, '').filter((path) => !IDENTITY.has(path));
  if (paths.some((path) => VERSIONED.test(path))) return 'version';
  return paths.length === 1 && paths[0] === 'metadata.instance' ? 'scale' : 'config';
}

function leafPaths(object: Record<string, unknown>, prefix: string): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const path = prefix + key;
    return isSection(path) && isObject(value) ? leafPaths(value, `${path}.`) : [path];
  });
}
