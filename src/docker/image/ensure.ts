import { EasError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { PullPolicy } from '../../core/worker/container.ts';
import type { Engine } from '../engine/engine.ts';
import { reasonOf, statusOf } from '../engine/failure.ts';
import { loginFor } from './credentials.ts';

export interface PullProgress {
  doneBytes: number;
  /** Grows while the engine learns of more layers; 0 while it knows no size. */
  totalBytes: number;
}

/** Engines tell more often than anybody wants to see. */
const PROGRESS_MS = 200;

/**
 * Sees to it that the engine has the image, fetched by the policy; the login is the one Docker itself would use.
 * Returns whether it was fetched. EasError: missing with `never`, or it can't be fetched.
 */
export async function ensureImage(
  host: Host,
  engine: Engine,
  image: string,
  policy: PullPolicy,
  onProgress: (progress: PullProgress) => void,
): Promise<boolean> {
  if (policy !== 'always' && (await isThere(engine, image))) return false;
  if (policy === 'never')
    throw new EasError({
      code: 'ImageMissing',
      message: `The image ${image} is not on this machine, and --pull never forbids to fetch it`,
      hint: 'Fetch it with docker pull, or name one that is there with --image (docker images lists them).',
    });
  try {
    onProgress({ doneBytes: 0, totalBytes: 0 });
    await pull(host, engine, image, onProgress);
    return true;
  } catch (error) {
    throw new EasError({
      code: 'ImageNotFetched',
      message: `The image ${image} is not on this machine and can't be fetched: ${reasonOf(error)}`,
      hint: 'Check the name and the network (docker login for a private one), name an image that is there with --image, or use --runtime process.',
      cause: error,
    });
  }
}

async function isThere(engine: Engine, image: string): Promise<boolean> {
  try {
    await engine.docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

interface PullEvent {
  id?: string;
  status?: string;
  error?: string;
  progressDetail?: { current?: number; total?: number };
}

async function pull(
  host: Host,
  { docker }: Engine,
  image: string,
  onProgress: (progress: PullProgress) => void,
): Promise<void> {
  const tagged = /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
  const authconfig = await loginFor(host, image);
  const stream = await docker.pull(tagged, authconfig ? { authconfig } : {});
  let quietUntil = 0;
  // Docker ends the stream with its refusal; podman only tells it as one more event.
  let refusal: string | undefined;
  const layers = new Map<string, { done: number; total: number }>();
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(
      stream,
      (error) => (error || refusal ? reject(error ?? new Error(refusal)) : resolve()),
      (event: PullEvent) => {
        refusal = event.error ?? refusal;
        const { current, total } = event.progressDetail ?? {};
        if (!event.id || event.status !== 'Downloading' || !current) return;
        layers.set(event.id, { done: current, total: total ?? 0 });
        if (Date.now() < quietUntil) return;
        quietUntil = Date.now() + PROGRESS_MS;
        const sum = (of: 'done' | 'total') => [...layers.values()].reduce((all, layer) => all + layer[of], 0);
        onProgress({ doneBytes: sum('done'), totalBytes: sum('total') });
      },
    ),
  );
}
