import { parseObjectUrl } from '../../core/object-url.ts';
import type { Clients } from '../clients.ts';

export interface Destination {
  /** Base URL of the object store. */
  endpoint: string;
  bucket: string;
  /** What stands before the names of the objects: empty, or with a slash at its end. */
  prefix: string;
}

/**
 * `--to`, else the configured bucket, else `<uid>/` in the model repository of EAS. That last rule follows the samples of
 * eascmd.md 2.3; how the vendor's tool gets leave to write there is not documented.
 */
export async function uploadDestination(
  clients: Clients,
  to: string | undefined,
  isInner: boolean,
): Promise<Destination> {
  const chosen = to === undefined ? undefined : parseObjectUrl(to, '--to');
  const place = await (await clients.settings()).upload();
  const endpoint = isInner ? place.internalObjectStoreUrl : place.objectStoreUrl;
  if (chosen) {
    const { bucket, key } = chosen;
    return { endpoint, bucket, prefix: key === '' || key.endsWith('/') ? key : `${key}/` };
  }
  const prefix = place.isOwnBucket ? '' : `${await clients.uid(isInner)}/`;
  return { endpoint, bucket: place.bucket, prefix };
}
