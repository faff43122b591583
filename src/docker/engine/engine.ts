import Docker from 'dockerode';
import type { Host } from '../../core/host.ts';
import { type EngineAddress, engineAddress } from './address.ts';
import { unreachable } from './failure.ts';

/** What an engine says about itself, as far as it matters here. */
export interface EngineInfo {
  /** As Bun and Node name it. */
  arch: 'x64' | 'arm64' | string;
  cpus: number;
  runtimes: string[];
  /** Root in a container is an ordinary user of this machine. */
  isRootless: boolean;
}

export interface Engine {
  docker: Docker;
  address: EngineAddress;
  info: EngineInfo;
}

/** Connects and asks once; EasError when nothing answers, or not within `timeoutMs`. */
export async function connectEngine(host: Host, timeoutMs = 10_000): Promise<Engine> {
  const address = engineAddress(host);
  const docker = new Docker(
    address.kind === 'socket'
      ? { socketPath: address.path }
      : {
          host: address.host,
          port: address.port,
          protocol: address.tls ? 'https' : 'http',
          ca: address.tls?.ca,
          cert: address.tls?.cert,
          key: address.tls?.key,
        },
  );
  try {
    const info = await within(docker.info(), timeoutMs);
    return { docker, address, info: readInfo(info as Record<string, unknown>) };
  } catch (error) {
    throw unreachable(address, error);
  }
}

async function within<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    timeoutMs,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function readInfo(info: Record<string, unknown>): EngineInfo {
  const arch = String(info.Architecture ?? '');
  const security = Array.isArray(info.SecurityOptions) ? info.SecurityOptions.map(String) : [];
  return {
    arch: /^(x86_64|amd64)$/.test(arch) ? 'x64' : /^(aarch64|arm64)$/.test(arch) ? 'arm64' : arch,
    cpus: Number(info.NCPU ?? 0),
    runtimes: Object.keys((info.Runtimes as object | undefined) ?? {}),
    isRootless: security.some((option) => option.includes('rootless')),
  };
}
