import type { Container } from 'dockerode';
import type { Engine } from '../engine/engine.ts';
import { INSIDE } from './inside.ts';

/**
 * A container, never started, whose unnamed volume at /data/eas holds what the image has there (serving.md d.5). The
 * volume lives as long as a container that shares it.
 */
export function makeDataContainer(
  { docker }: Engine,
  image: string,
  labels: Record<string, string>,
): Promise<Container> {
  return docker.createContainer({
    Image: image,
    // An image that only holds data names no program, and the engine wants one.
    Cmd: ['none'],
    Labels: labels,
    HostConfig: { Mounts: [{ Type: 'volume', Source: '', Target: INSIDE.dataEnv, ReadOnly: false }] },
  });
}
