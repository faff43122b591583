/** Content-Type of every answer unless `rpc.http.default_headers` says otherwise (serving.md a.7). */
export const DEFAULT_CONTENT_TYPE = 'text/html; charset=utf-8';

/**
 * Headers of every answer. The property's form is documented nowhere: a JSON object, or `Name: value` pairs
 * parted by `;` `,` or new lines, are understood. Pairs that are no headers are left out.
 */
export function replyHeaders(property: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': DEFAULT_CONTENT_TYPE };
  for (const [name, value] of pairs(property?.trim() ?? '')) {
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !/[\r\n\0]/.test(value))
      headers[name.toLowerCase()] = value;
  }
  return headers;
}

function pairs(text: string): [string, string][] {
  if (text.startsWith('{')) {
    try {
      return Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, value]) => [
        name,
        String(value),
      ]);
    } catch {
      return [];
    }
  }
  // A value may itself hold `;` and `,`: a new pair begins only where a name and a colon follow.
  return text
    .split(/[\n;,](?=\s*[A-Za-z0-9-]+\s*:)/)
    .map((pair) => pair.match(/^\s*([^:]+?)\s*:\s*(.*?)\s*$/s))
    .filter((match) => match !== null)
    .map((match) => [match[1]!, match[2]!]);
}
