import { usageError } from '../core/errors.ts';
import { isLoopback } from '../core/network.ts';
import { closest } from '../core/suggest.ts';
import { apiUrlOf, REGIONS, unknownRegion } from './regions.ts';

export type Endpoint =
  | { kind: 'local' }
  /** `region` is undefined when the address does not tell it; Local EAS tells it when asked. */
  | { kind: 'url'; apiUrl: string; region: string | undefined };

/** Management hosts of EAS, from the internet, from DSW and from a VPC (eascmd.md 4). */
const EAS_HOST = /^pai-eas(?:-share|-manage-vpc)?\.([a-z0-9-]+)\.aliyuncs\.com$/;

/**
 * What `-e` says: `local`, a region id, a host with or without port, or a URL. A bare host is https, except on
 * loopback. Throws EasError (exit 2); `from` names the flag, variable or file for its text.
 */
export function parseEndpoint(text: string, from: string): Endpoint {
  const written = text.trim();
  if (written.toLowerCase() === 'local') return { kind: 'local' };
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(written);
  if (!hasScheme && !/[.:/]/.test(written) && written.toLowerCase() !== 'localhost')
    return regionEndpoint(written, from);
  const url = parseUrl(written, hasScheme, from);
  const region = EAS_HOST.exec(url.hostname)?.[1];
  if (region !== undefined && !REGIONS.includes(region) && closest(region, REGIONS))
    throw unknownRegion(region, from);
  return { kind: 'url', apiUrl: url.origin, region };
}

function regionEndpoint(region: string, from: string): Endpoint {
  const id = region.toLowerCase();
  if (!REGIONS.includes(id)) throw unknownRegion(region, from);
  return { kind: 'url', apiUrl: apiUrlOf(id), region: id };
}

function parseUrl(written: string, hasScheme: boolean, from: string): URL {
  const fail = (what: string) =>
    usageError(
      'InvalidEndpoint',
      `"${written}" (from ${from}) ${what}`,
      'Give a region id such as cn-shanghai, a host, a URL without a path, or "local".',
    );
  const host = /^(\[[^\]]*\]|[^:/]*)/.exec(written)![0];
  const text = hasScheme ? written : `${isLoopback(host) ? 'http' : 'https'}://${written}`;
  if (!URL.canParse(text) || /\s/.test(written)) throw fail('is not an endpoint');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw fail('is neither http nor https');
  if (url.username || url.password) throw fail('must not hold a user name or password');
  if (url.pathname !== '/' || url.search || url.hash) throw fail('must not have a path');
  return url;
}
