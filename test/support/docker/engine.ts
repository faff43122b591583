import { join } from 'node:path';

interface EngineState {
  images: string[];
  runtimes: string[];
  /** Why no engine can be used. */
  missing?: string;
}

let state: EngineState | undefined;

function engineState(): EngineState {
  if (!state) {
    const probe = Bun.spawnSync([process.execPath, join(import.meta.dir, 'probe.ts')], { env: process.env });
    state = JSON.parse(probe.stdout.toString()) as EngineState;
  }
  return state;
}

/** Why tests with this image (made by make-images.sh) can't run here; undefined when they can. */
export function lacksImage(language: string): string | undefined {
  const { missing, images } = engineState();
  if (missing) return missing;
  if (images.includes(`eascmd-test-${language}`)) return undefined;
  return `the engine has no image eascmd-test-${language}; test/support/docker/make-images.sh makes it`;
}

export function lacksEngine(): string | undefined {
  return engineState().missing;
}

/** The recorder that stands in for NVIDIA's runtime is registered by .ci/run. */
export function lacksNvidia(): string | undefined {
  const { missing, runtimes } = engineState();
  if (missing) return missing;
  return runtimes.includes('nvidia') && process.env.EASCMD_NVIDIA_RECORD
    ? undefined
    : 'the engine has no recording runtime named nvidia (see .ci/run)';
}
