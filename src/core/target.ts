/** Where commands go: a cloud region or the Local EAS of this machine (design.md section 4, Configuration). */
export interface Target {
  kind: 'cloud' | 'local';
  /** Base URL of the API without a trailing slash, e.g. `https://pai-eas.cn-shanghai.aliyuncs.com`. */
  apiUrl: string;
  /** e.g. `cn-shanghai`; `local` for Local EAS. Stands in the paths as ClusterId. */
  region: string;
  /** Base URL of the object store that `upload` writes to. */
  objectStoreUrl: string;
}

/** Whether that API address is reached from inside the cloud only: DSW and VPC (eascmd.md 4). */
export function isInsideCloud({ apiUrl }: Target): boolean {
  return /^https?:\/\/pai-eas-(share|manage-vpc)\./.test(apiUrl);
}

export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  /** Those of this moment, for credentials that expire and are issued anew while a command runs. */
  renew?(): Promise<Credentials>;
}

/** Where a value came from, for `config show` and for error texts. */
export type ValueSource = 'flag' | 'environment' | 'file' | 'role' | 'default';

export interface Sourced<T> {
  value: T;
  source: ValueSource;
  /** The flag, variable or file that gave it. */
  from: string;
}
