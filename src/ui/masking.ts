const SECRET = /^(token|requestToken|dockerAuth|decryption_key|AccessToken)$|secret|password|access_?key/i;
/** An entry of a list of headers, `"<name>:<value>"`. */
const SECRET_HEADER = /^(\s*(?:proxy-)?(?:authorization|token|cookie)\s*:).*$/is;

/** A copy of a JSON document without what would open a door. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value === 'string') return value.replace(SECRET_HEADER, '$1 ******');
  if (value === null || typeof value !== 'object') return value;
  const masked = Object.entries(value).map(([key, inner]) => [
    key,
    SECRET.test(key) && typeof inner === 'string' && inner !== '' ? '******' : maskSecrets(inner),
  ]);
  return Object.fromEntries(masked);
}
