const SECRET = /^(token|dockerAuth|decryption_key|AccessToken)$|secret|password|access_?key/i;

/** A copy of a JSON document without what would open a door. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (value === null || typeof value !== 'object') return value;
  const masked = Object.entries(value).map(([key, inner]) => [
    key,
    SECRET.test(key) && typeof inner === 'string' && inner !== '' ? '******' : maskSecrets(inner),
  ]);
  return Object.fromEntries(masked);
}
