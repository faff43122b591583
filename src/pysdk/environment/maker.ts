import type { ToolOptions } from '../tools/run.ts';

export type Tooling = Pick<ToolOptions, 'env' | 'signal' | 'onLine' | 'cwd'>;

export interface MakeRequest {
  /** Absolute path of the ENV folder, which isn't there yet. */
  env: string;
  /** e.g. `3.12` or `3.12.4`. */
  version: string;
  tooling: Tooling;
  homeDir: string;
  platform: NodeJS.Platform;
}

/** One way to make an environment that can be moved. */
export interface Maker {
  name: 'conda' | 'mamba' | 'micromamba' | 'uv' | 'copy';
  /** Why this one, for people. */
  reason: string;
  /** Throws EasError when it can't; whatever it left in `env` is removed by the caller. */
  make(request: MakeRequest): Promise<void>;
}
