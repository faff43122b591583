import type { Host } from '../../core/host.ts';
import type { Credentials } from '../../core/target.ts';
import {
  readLocalCredentials as credentialsOf,
  type LocalInfo,
  readLocal,
  startLocal,
} from '../../local/launch.ts';

/** The running Local EAS, started when there is none; a line on stderr says so. */
export async function ensureLocal(options: {
  host: Host;
  dataDir: string;
  python?: string;
  note: (line: string) => void;
}): Promise<{ info: LocalInfo; credentials: Credentials }> {
  const { host, dataDir, python } = options;
  let info = await readLocal(dataDir);
  if (!info) {
    const started = await startLocal({ host, dataDir, python });
    if (!started.alreadyRunning)
      options.note(`Started Local EAS at ${started.apiUrl}; it stays up until: eascmd local stop`);
    info = started;
  }
  return { info, credentials: (await credentialsOf(dataDir))! };
}

export { credentialsOf };
