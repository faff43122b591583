import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Container } from 'dockerode';
import type { Host } from '../../core/host.ts';
import type { ContainerSettings } from '../../core/worker/container.ts';
import type { WorkerEvent, WorkerSpec } from '../../core/worker/spec.ts';
import { connectEngine, type Engine } from '../engine/engine.ts';
import { DEFAULT_IMAGES } from '../image/default.ts';
import { ensureImage } from '../image/ensure.ts';
import { attach } from './attach.ts';
import { createOptions } from './create.ts';
import { copyData, makeDataContainer } from './data-image.ts';
import { Demultiplexer } from './demultiplex.ts';
import { endedByItself, notRunnable, notStarted } from './failure.ts';
import { refuseWithoutGpu } from './gpu.ts';
import { INSIDE, insideSpec } from './inside.ts';
import { OWNER_LABEL, ownerOf, removeAbandoned } from './owner.ts';
import { linuxProgram } from './program.ts';

/** How long the worker may take to leave by itself after the end of its stdin. */
const LEAVE_MS = 2_000;

/** One worker in one container. */
export class ContainerRun {
  private engine: Engine | undefined;
  private container: Container | undefined;
  private dataContainer: Container | undefined;
  private stream: NodeJS.ReadWriteStream | undefined;
  private isStopping = false;
  private hasSpoken = false;
  private isOutOfMemory = false;
  /** Events are passed on in their order, though one of them needs a question to the engine. */
  private said: Promise<void> = Promise.resolve();
  private readonly gone = Promise.withResolvers<number>();

  constructor(
    private readonly host: Host,
    private readonly spec: WorkerSpec,
    private readonly emit: (event: WorkerEvent) => void,
    private readonly onStderr: (bytes: Uint8Array) => void,
  ) {}

  /** Resolves when the container is gone. EasError when it can't be made, or ended without being told to. */
  async run(): Promise<void> {
    const image = this.spec.container?.image ?? DEFAULT_IMAGES[this.spec.processor.type];
    try {
      await this.create(image);
      if (!this.isStopping) await this.start();
      await this.removeDataContainer();
    } catch (error) {
      await this.remove();
      if (this.isStopping) return;
      throw notStarted(error, this.spec, image);
    }
    if (this.isStopping) return this.remove();
    const code = await this.gone.promise;
    await this.said;
    if (this.isStopping) return;
    if (!this.hasSpoken && (code === 126 || code === 127 || code === 1))
      throw notRunnable(image, `it ended at once with code ${code}`);
    throw endedByItself(code, this.isOutOfMemory, this.spec);
  }

  /** A command for the worker, as it came. */
  send(line: string): void {
    this.stream?.write(`${line}\n`);
  }

  /** Ends the worker by the end of its stdin, and the container with it; by force when that doesn't help. */
  async stop(): Promise<void> {
    if (this.isStopping) return;
    this.isStopping = true;
    if (!this.stream) return this.remove();
    this.stream.end();
    const timer = setTimeout(() => void this.remove(), LEAVE_MS);
    await this.gone.promise;
    clearTimeout(timer);
  }

  private async create(image: string): Promise<void> {
    const { spec, host } = this;
    const settings = settingsOf(spec);
    const engine = await connectEngine(host);
    this.engine = engine;
    await removeAbandoned(engine);
    const program = linuxProgram(host, engine.info.arch);
    const onProgress = (name: string) => (progress: { doneBytes: number; totalBytes: number }) =>
      this.emit({ type: 'pulling', image: name, ...progress });
    for (const name of [image, settings.dataImage]) {
      if (name === undefined || this.isStopping) continue;
      if (await ensureImage(host, engine, name, settings.pull, onProgress(name)))
        this.emit({ type: 'pulled', image: name });
    }
    if (this.isStopping) return;
    mkdirSync(dirname(spec.logFile), { recursive: true, mode: 0o700 });
    if (settings.dataImage)
      this.dataContainer = await makeDataContainer(engine, settings.dataImage, settings.labels);
    this.container = await engine.docker.createContainer(
      createOptions(spec, settings, {
        image,
        program,
        user: engine.info.isRootless ? undefined : userOf(host),
        info: engine.info,
        dataContainer: engine.info.isPodman ? undefined : this.dataContainer?.id,
      }),
    );
    if (engine.info.isPodman && this.dataContainer) await copyData(this.dataContainer, this.container);
    if (settings.gpu) await refuseWithoutGpu(this.container, settings.gpu);
    this.emit({ type: 'created', container: this.container.id, image });
  }

  private async start(): Promise<void> {
    const container = this.container!;
    this.stream = await attach(this.engine!.docker, container.id);
    this.relay(this.stream);
    await this.watchMemory(container.id);
    // Podman knows no exit code any more once the container is removed.
    const exited = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>;
    const removed = container.wait({ condition: 'removed' }).catch(() => {});
    const gone = exited.then(
      ({ StatusCode }) => StatusCode,
      () => 1,
    );
    await container.start();
    void gone.then(async (code) => {
      await removed;
      this.gone.resolve(code);
    });
    this.stream.write(`${JSON.stringify(insideSpec(this.spec))}\n`);
  }

  private relay(stream: NodeJS.ReadWriteStream): void {
    let rest = '';
    const decoder = new TextDecoder();
    const parts = new Demultiplexer((name, bytes) => {
      if (name === 'stderr') return this.onStderr(bytes);
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.said = this.said.then(() => this.hear(line));
    });
    stream.on('data', (chunk: Uint8Array) => parts.push(chunk));
    // The end of the container ends the stream, however that is said.
    stream.on('error', () => {});
  }

  /** Passes an event on, with ports and addresses as they are on this side. */
  private async hear(line: string): Promise<void> {
    const event = eventOf(line);
    if (!event) return;
    this.hasSpoken = true;
    if (event.type !== 'listening') return this.emit(event);
    try {
      const { NetworkSettings: network } = await this.container!.inspect();
      const published = (port: number) => Number(network.Ports[`${port}/tcp`]?.[0]?.HostPort ?? 0);
      this.emit({
        type: 'listening',
        port: published(INSIDE.port),
        link: `tcp:127.0.0.1:${published(INSIDE.linkPort)}`,
        address: Object.values(network.Networks)[0]?.IPAddress || undefined,
      });
    } catch {
      // It ended in between, which is told elsewhere.
    }
  }

  /** The engine tells when the kernel killed something of the container for memory. */
  private async watchMemory(id: string): Promise<void> {
    const filters = JSON.stringify({ container: [id], event: ['oom'] });
    const events = await this.engine!.docker.getEvents({ filters }).catch(() => undefined);
    events?.on('data', () => {
      this.isOutOfMemory = true;
    });
    events?.on('error', () => {});
  }

  private async remove(): Promise<void> {
    await this.container?.remove({ force: true, v: true }).catch(() => {});
    await this.removeDataContainer();
  }

  /** Its volume belongs to the container that shares it once that one runs, and goes with it. */
  private async removeDataContainer(): Promise<void> {
    await this.dataContainer?.remove({ force: true, v: true }).catch(() => {});
    this.dataContainer = undefined;
  }
}

function eventOf(line: string): WorkerEvent | undefined {
  try {
    return JSON.parse(line) as WorkerEvent;
  } catch {
    return undefined;
  }
}

function settingsOf(spec: WorkerSpec): ContainerSettings {
  const given = spec.container ?? { pull: 'missing', labels: {} };
  return {
    ...given,
    labels: {
      'eascmd.service': spec.service,
      'eascmd.instance': spec.instance,
      [OWNER_LABEL]: ownerOf(process.pid),
      ...given.labels,
    },
  };
}

/** Files that user code makes belong to whoever runs this; root stays root. */
function userOf(host: Host): string | undefined {
  if (host.platform !== 'linux' || process.getuid?.() === 0) return undefined;
  return `${process.getuid?.()}:${process.getgid?.()}`;
}
