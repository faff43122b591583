import type { Container } from 'dockerode';
import type { Engine } from '../engine/engine.ts';
import { INSIDE } from './inside.ts';

/**
 * A container, never started, whose unnamed volume at /data/eas holds what the image has there (serving.md d.5). The
 * volume lives as long as a container that shares it. Podman fills a volume only when its container runs, and an image
 * that only holds data can't: there it has none, and is copied from.
 */
export function makeDataContainer(
  { docker, info }: Engine,
  image: string,
  labels: Record<string, string>,
): Promise<Container> {
  return docker.createContainer({
    Image: image,
    // An image that only holds data names no program, and the engine wants one.
    Cmd: ['none'],
    Labels: labels,
    HostConfig: info.isPodman
      ? {}
      : { Mounts: [{ Type: 'volume', Source: '', Target: INSIDE.dataEnv, ReadOnly: false }] },
  });
}

/** Copies the folder of the data into a container that is not started yet. */
export async function copyData(from: Container, to: Container): Promise<void> {
  const folder = INSIDE.dataEnv.slice(0, INSIDE.dataEnv.lastIndexOf('/'));
  const archive = await from.getArchive({ path: folder });
  await to.putArchive(archive, { path: '/' });
}
