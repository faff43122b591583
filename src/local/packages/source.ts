import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { PackageSource } from '../../core/worker/prepare.ts';
import type { ObjectLookup } from './objects.ts';

/** A package that can't be had; the message names what was looked for and where. */
export class PackageError extends Error {}

/**
 * Turns an address of a service JSON into what `__prepare` fetches: http(s) as it is, `oss://` as the file or folder
 * the embedded object store holds, absolute paths of this machine. `folder` is where an oss:// prefix may be laid out.
 */
export function resolvePackage(
  field: string,
  address: string,
  objects: ObjectLookup,
  folder: string,
): PackageSource {
  const name = nameOf(address);
  // A query may hold a signature, and what is shown goes into messages and logs.
  if (/^https?:\/\//i.test(address))
    return { location: address, name, shown: address.replace(/\?.*$/s, '?…') };
  if (/^oss:\/\//i.test(address)) {
    return { location: objectLocation(field, address, objects, folder), name, shown: address };
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    throw new PackageError(
      `${field} ${address}: only http, https, oss and paths of this machine can be fetched`,
    );
  if (!isAbsolute(address))
    throw new PackageError(
      `${field} ${address} is a relative path, and Local EAS can't know to which folder; use an absolute path or upload the file first`,
    );
  if (!statSync(address, { throwIfNoEntry: false }))
    throw new PackageError(`${field} ${address}: there is no such file or folder on this machine`);
  return { location: address, name, shown: address };
}

function objectLocation(field: string, address: string, objects: ObjectLookup, folder: string): string {
  const match = /^oss:\/\/([^/]+)\/(.*)$/i.exec(address);
  if (!match || match[2] === '') throw new PackageError(`${field} ${address}: oss://bucket/path is expected`);
  const [, bucket, key] = match as unknown as [string, string, string];
  const found = key.endsWith('/') ? undefined : objects.file(bucket, key);
  if (found) return found;
  if (objects.layOut(bucket, key.endsWith('/') ? key : `${key}/`, folder) > 0) return folder;
  throw new PackageError(
    `${field} ${address}: the object store of Local EAS holds no such object; send it there with \`eascmd -e local upload\``,
  );
}

/** Last part of the address, decoded when it is a URL: `models%2Fmnist.tar.gz` is `mnist.tar.gz`. */
function nameOf(address: string): string {
  const isUrl = /^https?:\/\//i.test(address);
  let path = address.replace(/[/\\]+$/, '');
  if (isUrl) path = decode(path.replace(/[?#].*$/, ''));
  return path.split(/[/\\]/).pop() || 'package';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
