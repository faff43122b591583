import http from 'node:http';

/** What Local EAS says about itself at `/_eascmd/status` (no credentials needed, none given). */
export interface LocalStatus {
  apiUrl: string;
  objectStoreUrl: string;
  region: string;
  uid: string;
  dataDir?: string;
}

const PROBE_TIMEOUT_MS = 2_000;
const MAX_REPLY_BYTES = 64 * 1024;

/** Asks an address whether Local EAS listens there; undefined when it does not or nothing answers. */
export function probeLocal(apiUrl: string): Promise<LocalStatus | undefined> {
  if (!apiUrl.startsWith('http:')) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const request = http.get(`${apiUrl}/_eascmd/status`, { timeout: PROBE_TIMEOUT_MS, agent: false });
    const giveUp = () => {
      request.destroy();
      resolve(undefined);
    };
    request.on('timeout', giveUp);
    request.on('error', giveUp);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', giveUp);
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_REPLY_BYTES) giveUp();
      });
      response.on('end', () => resolve(response.statusCode === 200 ? readStatus(text) : undefined));
    });
  });
}

function readStatus(text: string): LocalStatus | undefined {
  try {
    const { apiUrl, objectStoreUrl, region, uid, dataDir } = JSON.parse(text);
    const isStatus = [apiUrl, objectStoreUrl, region, uid].every((value) => typeof value === 'string');
    if (!isStatus) return undefined;
    return {
      apiUrl,
      objectStoreUrl,
      region,
      uid,
      dataDir: typeof dataDir === 'string' ? dataDir : undefined,
    };
  } catch {
    return undefined;
  }
}
