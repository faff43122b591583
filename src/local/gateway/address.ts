const PREFIX = '/api/predict/';

export interface Address {
  service: string;
  /** Path as received, without the query: what two of three SDKs sign. */
  path: string;
  /** Path and query as received. */
  target: string;
}

/** Splits the URL of a prediction, `[scheme://host]/api/predict/<service>[/sub/path][?query]` (serving.md a.1). */
export function parseAddress(url: string): Address | undefined {
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3);
  if (start < 0 || !url.startsWith(PREFIX, start)) return undefined;
  const target = start === 0 ? url : url.slice(start);
  const question = target.indexOf('?', PREFIX.length);
  const path = question < 0 ? target : target.slice(0, question);
  const slash = path.indexOf('/', PREFIX.length);
  const service = slash < 0 ? path.slice(PREFIX.length) : path.slice(PREFIX.length, slash);
  return service === '' ? undefined : { service, path, target };
}
