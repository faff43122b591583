import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EasError, usageError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';

/** Where a container engine listens; `from` tells people what said so. */
export type EngineAddress =
  | { kind: 'socket'; path: string; from: string }
  | { kind: 'tcp'; host: string; port: number; tls: Tls | undefined; from: string };

export interface Tls {
  ca: string | undefined;
  cert: string | undefined;
  key: string | undefined;
}

/**
 * The engine that `docker` itself would use: DOCKER_HOST, then the current context, then the usual sockets of Docker
 * and podman, the first that exists. EasError for an address of a kind that can't be used.
 */
export function engineAddress(host: Host): EngineAddress {
  const { DOCKER_HOST: given, DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: certificates } = host.env;
  if (given)
    return parse(given, 'DOCKER_HOST', verify ? tlsOf(certificates ?? dockerFolder(host)) : undefined);
  const context = host.env.DOCKER_CONTEXT || (dockerConfig(host).currentContext as string | undefined);
  if (context && context !== 'default') return contextAddress(host, context);
  const places = usualSockets(host);
  return {
    kind: 'socket',
    path: places.find((path) => existsSync(path)) ?? places[0]!,
    from: 'the usual place',
  };
}

/** Docker's own config.json; empty when there is none. EasError when it can't be understood. */
export function dockerConfig(host: Host): Record<string, unknown> {
  const path = join(dockerFolder(host), 'config.json');
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    throw new EasError({
      code: 'DockerConfig',
      message: `Docker's configuration ${path} can't be read: ${(cause as Error).message}`,
      hint: 'Repair it, or point DOCKER_CONFIG to another folder.',
      cause,
    });
  }
}

const dockerFolder = (host: Host) => host.env.DOCKER_CONFIG || join(host.homeDir, '.docker');

function usualSockets(host: Host): string[] {
  if (host.platform === 'win32') return ['//./pipe/docker_engine'];
  const runtime = host.env.XDG_RUNTIME_DIR;
  return [
    '/var/run/docker.sock',
    join(host.homeDir, '.docker/run/docker.sock'),
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
}

function contextAddress(host: Host, name: string): EngineAddress {
  const id = createHash('sha256').update(name).digest('hex');
  const contexts = join(dockerFolder(host), 'contexts');
  const file = join(contexts, 'meta', id, 'meta.json');
  try {
    const meta = JSON.parse(readFileSync(file, 'utf8')) as { Endpoints: { docker: { Host: string } } };
    const tls = join(contexts, 'tls', id, 'docker');
    return parse(meta.Endpoints.docker.Host, `the context ${name}`, existsSync(tls) ? tlsOf(tls) : undefined);
  } catch (cause) {
    if (cause instanceof EasError) throw cause;
    throw usageError(
      'DockerContext',
      `The Docker context ${JSON.stringify(name)} can't be used: ${(cause as Error).message}`,
      'See `docker context ls`, and `docker context use` to change it.',
    );
  }
}

function parse(text: string, from: string, tls: Tls | undefined): EngineAddress {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(text) ?? [];
  if (scheme === 'unix' || scheme === 'npipe') return { kind: 'socket', path: rest, from };
  if ((scheme === 'tcp' || scheme === 'http' || scheme === 'https') && URL.canParse(`http://${rest}`)) {
    const { hostname, port } = new URL(`http://${rest}`);
    return { kind: 'tcp', host: hostname, port: Number(port || (tls ? 2376 : 2375)), tls, from };
  }
  throw usageError(
    'DockerHost',
    `${from} says ${JSON.stringify(text)}, which can't be used`,
    scheme === 'ssh'
      ? 'The engine has to see the files of this machine; use one that runs here.'
      : 'Use unix:///path/of/docker.sock or tcp://host:port.',
  );
}

function tlsOf(folder: string): Tls {
  const file = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  return { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') };
}
