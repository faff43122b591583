import { basename } from 'node:path';
import type { WorkerSpec } from '../../core/worker/spec.ts';

/** Paths and ports as seen inside a container (serving.md d.1: the classic workspace and the newer one). */
export const INSIDE = {
  program: '/eas/bin/eascmd',
  workspaces: ['/home/admin/docker_ml/workspace', '/eas/workspace'],
  runDir: '/eas/run',
  logs: '/eas/log',
  dataEnv: '/data/eas',
  cuda: '/usr/local/cuda',
  port: 8080,
  linkPort: 8081,
} as const;

/** What the worker in the container is told: the same spec, with the places it has there. */
export function insideSpec(spec: WorkerSpec): WorkerSpec {
  const { container, linkPort, ...rest } = spec;
  return {
    ...rest,
    host: '0.0.0.0',
    port: INSIDE.port,
    ...(linkPort !== undefined && { linkPort: INSIDE.linkPort }),
    runDir: INSIDE.runDir,
    workspace: INSIDE.workspaces[0],
    processor: {
      ...spec.processor,
      // An interpreter of this machine means nothing there.
      python: container?.dataImage ? `${INSIDE.dataEnv}/ENV/bin/python` : undefined,
    },
    logFile: `${INSIDE.logs}/${basename(spec.logFile)}`,
  };
}
