import { dirname } from 'node:path';
import type { ContainerCreateOptions, MountSettings } from 'dockerode';
import type { ContainerSettings } from '../../core/worker/container.ts';
import type { WorkerSpec } from '../../core/worker/spec.ts';
import type { EngineInfo } from '../engine/engine.ts';
import { cudaFolder } from './cuda.ts';
import { gpuSettings } from './gpu.ts';
import { INSIDE } from './inside.ts';
import { limitsOf } from './limits.ts';

export interface Surroundings {
  image: string;
  /** eascmd for Linux, on this machine. */
  program: string;
  /** `uid:gid` that files on this machine shall belong to; undefined: that of the image. */
  user: string | undefined;
  info: EngineInfo;
  /** A container whose volume at /data/eas is shared. */
  dataContainer: string | undefined;
}

/**
 * The container of one instance, in the engine's words. It goes away when its worker ends, and the worker ends when
 * the connection to its stdin does, so the death of whoever made it leaves nothing (`StdinOnce`, `AutoRemove`).
 */
export function createOptions(
  spec: WorkerSpec,
  settings: ContainerSettings,
  { image, program, user, info, dataContainer }: Surroundings,
): ContainerCreateOptions {
  const gpu = gpuSettings(settings.gpu, info);
  const wantsLink = spec.linkPort !== undefined;
  return {
    Image: image,
    Entrypoint: [INSIDE.program],
    Cmd: ['__worker'],
    WorkingDir: '/',
    User: user,
    Env: [...gpu.env, ...(user ? ['HOME=/tmp'] : [])],
    Labels: settings.labels,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Healthcheck: { Test: ['NONE'] },
    ExposedPorts: {
      [`${INSIDE.port}/tcp`]: {},
      ...(wantsLink && { [`${INSIDE.linkPort}/tcp`]: {} }),
    },
    HostConfig: {
      AutoRemove: true,
      LogConfig: { Type: 'none', Config: {} },
      PortBindings: {
        [`${INSIDE.port}/tcp`]: [{ HostIp: spec.host, HostPort: spec.port === 0 ? '' : String(spec.port) }],
        ...(wantsLink && { [`${INSIDE.linkPort}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] }),
      },
      Mounts: mounts(spec, settings, program),
      Tmpfs: { [INSIDE.runDir]: 'rw,mode=1777' },
      ...(dataContainer && { VolumesFrom: [`${dataContainer}:ro`] }),
      ...limitsOf(settings, info),
      ...gpu.hostConfig,
    },
  };
}

function mounts(spec: WorkerSpec, { cuda: asked }: ContainerSettings, program: string): MountSettings[] {
  const cuda = cudaFolder(asked);
  const bind = (Source: string, Target: string, ReadOnly: boolean): MountSettings => ({
    Type: 'bind',
    Source,
    Target,
    ReadOnly,
  });
  return [
    bind(program, INSIDE.program, true),
    ...INSIDE.workspaces.map((target) => bind(spec.workspace, target, false)),
    bind(dirname(spec.logFile), INSIDE.logs, false),
    ...(cuda ? [bind(cuda, INSIDE.cuda, true)] : []),
  ];
}
