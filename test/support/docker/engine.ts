import { join } from 'node:path';

interface EngineState {
  images: string[];
  runtimes: string[];
  /** Why no engine can be used. */
  missing?: string;
}

const states = new Map<string | undefined, EngineState>();

/** Of the engine that docker itself would use, or of the one at `host`. */
function engineState(host?: string): EngineState {
  const known = states.get(host);
  if (known) return known;
  const env = host ? { ...process.env, DOCKER_HOST: host } : process.env;
  const probe = Bun.spawnSync([process.execPath, join(import.meta.dir, 'probe.ts')], { env });
  const state = JSON.parse(probe.stdout.toString()) as EngineState;
  states.set(host, state);
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

/** Podman with its Docker-compatible API and the image of Python, started by .ci/run. */
export function lacksPodman(): string | undefined {
  const host = process.env.EASCMD_PODMAN_HOST;
  if (!host) return 'no podman serves its Docker-compatible API (EASCMD_PODMAN_HOST, see .ci/run)';
  const { missing, images } = engineState(host);
  if (missing) return missing;
  return images.includes('eascmd-test-python') ? undefined : 'podman has no image eascmd-test-python';
}

/** The recorder that stands in for NVIDIA's runtime is registered by .ci/run. */
export function lacksNvidia(): string | undefined {
  const { missing, runtimes } = engineState();
  if (missing) return missing;
  return runtimes.includes('nvidia') && process.env.EASCMD_NVIDIA_RECORD
    ? undefined
    : 'the engine has no recording runtime named nvidia (see .ci/run)';
}
