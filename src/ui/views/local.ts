import { keyValueTable } from '../tables.ts';
import { localTime } from '../times.ts';

export interface LocalFacts {
  pid: number;
  version: string;
  apiUrl: string;
  objectStoreUrl: string;
  region: string;
  uid: string;
  dataDir: string;
  startedAt: string;
  runtime?: string;
  services?: number;
  credentialsFile?: string;
}

/** The table of `local start` and `local status`; it never holds a secret. */
export function localStatusLines(facts: LocalFacts): string[] {
  const rows: [string, string | number | undefined][] = [
    ['API and gateway', facts.apiUrl],
    ['Object store', facts.objectStoreUrl],
    ['Region', facts.region],
    ['Uid', facts.uid],
    ['Pid', facts.pid],
    ['Version', facts.version],
    ['Runtime', facts.runtime],
    ['Started', localTime(facts.startedAt)],
    ['Data directory', facts.dataDir],
    ['Credentials', facts.credentialsFile],
    ['Services', facts.services],
  ];
  return keyValueTable(
    rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, String(value)]])),
  );
}
