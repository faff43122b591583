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
  /** Podman's imitation of Docker's API, which leaves out some of it in silence. */
  isPodman: boolean;
}

export interface Engine {
  docker: Docker;
  address: EngineAddress;
  info: EngineInfo;
}

/** Whether an engine answers within `timeoutMs`, without asking anything that takes it long; EasError when none does. */
export async function findEngine(host: Host, timeoutMs: number): Promise<void> {
  const address = engineAddress(host);
  try {
    await within(clientOf(address).ping(), timeoutMs);
  } catch (error) {
    throw unreachable(address, error);
  }
}

/** Connects and asks once; EasError when nothing answers, or not within `timeoutMs`. */
export async function connectEngine(host: Host, timeoutMs = 10_000): Promise<Engine> {
  const address = engineAddress(host);
  const docker = clientOf(address);
  try {
    const asked = Promise.all([docker.info(), docker.version()]);
    const [info, { Components: parts }] = await within(asked, timeoutMs);
    const isPodman = (parts ?? []).some(({ Name: name }) => /podman/i.test(name));
    return { docker, address, info: { ...readInfo(info as Record<string, unknown>), isPodman } };
  } catch (error) {
    throw unreachable(address, error);
  }
}

function clientOf(address: EngineAddress): Docker {
  if (address.kind === 'socket') return new Docker({ socketPath: address.path });
  const { host, port, tls } = address;
  const protocol = tls ? 'https' : 'http';
  return new Docker({ host, port, protocol, ca: tls?.ca, cert: tls?.cert, key: tls?.key });
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

function readInfo(info: Record<string, unknown>): Omit<EngineInfo, 'isPodman'> {
  const arch = String(info.Architecture ?? '');
  const security = Array.isArray(info.SecurityOptions) ? info.SecurityOptions.map(String) : [];
  return {
    arch: /^(x86_64|amd64)$/.test(arch) ? 'x64' : /^(aarch64|arm64)$/.test(arch) ? 'arm64' : arch,
    cpus: Number(info.NCPU ?? 0),
    runtimes: Object.keys((info.Runtimes as object | undefined) ?? {}),
    isRootless: security.some((option) => option.includes('rootless')),
  };
}
