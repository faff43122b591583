/** HTTP codes a processor may answer with; anything else becomes 400 (serving.md d.3, a.7). */
const KNOWN = new Set([
  201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406,
  407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431,
  450, 451, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]);

/** The code `process` returned, as HTTP status: 0 and 200 are success, a known code stays, the rest is 400. */
export function statusOfReturnCode(code: number): number {
  if (code === 0 || code === 200) return 200;
  return KNOWN.has(code) ? code : 400;
}
