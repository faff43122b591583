import { createHmac } from 'node:crypto';

export interface SignedParts {
  method: string;
  /** Path and query as sent. */
  target: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

/** openapi.md 2.1, written from the text by other hands than client and emulator: what Authorization has to be. */
export function acsAuthorization(request: SignedParts, id: string, secret: string): string {
  const header = (name: string) => request.headers[name] ?? '';
  const acs = Object.keys(request.headers)
    .filter((name) => name.startsWith('x-acs-'))
    .sort()
    .map((name) => `${name}:${header(name).trim()}\n`)
    .join('');
  const [path, query] = request.target.split('?');
  const pairs = (query ?? '').split('&').filter(Boolean).map(decodeURIComponent).sort();
  const resource = pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
  const lines = [
    request.method,
    header('accept'),
    header('content-md5'),
    header('content-type'),
    header('date'),
  ];
  const text = `${lines.join('\n')}\n${acs}${resource}`;
  return `acs ${id}:${createHmac('sha1', secret).update(text).digest('base64')}`;
}
