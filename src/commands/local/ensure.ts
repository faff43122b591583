import { EasError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Credentials } from '../../core/target.ts';
import { DEFAULT_BIND, DEFAULT_OBJECT_PORT, DEFAULT_PORT, REGION } from '../../local/options.ts';
import {
  readLocalCredentials as credentialsOf,
  findLocal,
  type LocalInfo,
  silent,
} from '../../local/running.ts';

type LocalAddress = Pick<LocalInfo, 'apiUrl' | 'objectStoreUrl' | 'region' | 'uid' | 'version' | 'dataDir'>;

/** The running Local EAS. When there is none it is started, and a line on stderr says so, unless told otherwise. */
export async function ensureLocal(options: {
  host: Host;
  dataDir: string;
  python?: string;
  note: (line: string) => void;
  whenLocalIsDown: 'start' | 'imagine' | 'fail';
}): Promise<{ info: LocalAddress; credentials: Credentials }> {
  const { host, dataDir, python } = options;
  let info = await findLocal(dataDir);
  if (!info) {
    if (options.whenLocalIsDown === 'imagine') return imagined(dataDir);
    if (options.whenLocalIsDown === 'fail') throw notRunning(dataDir);
    const { startLocal } = await import('../../local/launch.ts');
    const started = await startLocal({ host, dataDir, python });
    if (!started.alreadyRunning)
      options.note(`Started Local EAS at ${started.apiUrl}; it stays up until: eascmd local stop`);
    info = started;
  }
  return { info, credentials: (await credentialsOf(dataDir))! };
}

/** Where it would be if it were started now, for requests that are shown and not sent. */
function imagined(dataDir: string): { info: LocalAddress; credentials: Credentials } {
  const at = (port: number) => `http://${DEFAULT_BIND}:${port}`;
  return {
    info: {
      apiUrl: at(DEFAULT_PORT),
      objectStoreUrl: at(DEFAULT_OBJECT_PORT),
      region: REGION,
      uid: '',
      version: '',
      dataDir,
    },
    credentials: { accessKeyId: '', accessKeySecret: '' },
  };
}

function notRunning(dataDir: string): EasError {
  const reason = silent(dataDir);
  if (reason) return reason;
  return new EasError({
    code: 'LocalNotRunning',
    message: `Local EAS is not running (data directory ${dataDir})`,
    hint: 'start it with: eascmd local start',
  });
}

export { credentialsOf, notRunning };
