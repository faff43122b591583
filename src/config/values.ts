import type { Host } from '../core/host.ts';
import type { Sourced } from '../core/target.ts';
import { type EnvironmentKey, readVariable } from './environment.ts';
import type { FileKey, FileValues } from './file/format.ts';

export interface GlobalFlags {
  config?: string;
  accessKeyId?: string;
  accessKeySecret?: string;
  endpoint?: string;
  stsToken?: string;
}

/** The flags that give a setting directly, as the user types them. */
const FLAGS: Partial<Record<FileKey, { key: keyof GlobalFlags; written: string }>> = {
  accessKeyId: { key: 'accessKeyId', written: '-i' },
  accessKeySecret: { key: 'accessKeySecret', written: '-k' },
  securityToken: { key: 'stsToken', written: '-t' },
  endpoint: { key: 'endpoint', written: '-e' },
};

/** Flag before environment before file (design.md section 4); each value remembers who gave it. */
export class Values {
  constructor(
    private readonly host: Host,
    private readonly flags: GlobalFlags,
    private readonly file: FileValues,
    private readonly filePath: string | undefined,
  ) {}

  get(key: FileKey): Sourced<string> | undefined {
    return this.fromFlag(key) ?? this.fromEnvironment(key) ?? this.fromFile(key);
  }

  fromFlag(key: FileKey): Sourced<string> | undefined {
    const flag = FLAGS[key];
    const value = flag && this.flags[flag.key];
    return value ? { value, source: 'flag', from: flag.written } : undefined;
  }

  fromEnvironment(key: EnvironmentKey): Sourced<string> | undefined {
    const variable = readVariable(this.host.env, key);
    return variable && { value: variable.value, source: 'environment', from: variable.name };
  }

  fromFile(key: FileKey): Sourced<string> | undefined {
    const value = this.file[key];
    return value ? { value, source: 'file', from: this.filePath ?? '' } : undefined;
  }
}
