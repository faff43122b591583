import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackageSource } from '../../core/worker/prepare.ts';
import type { Launcher } from '../process/launcher.ts';
import type { ServiceSpec } from '../service/spec.ts';
import type { ObjectLookup } from './objects.ts';
import { type PrepareOutcome, runPrepare } from './prepare.ts';
import { PackageError, resolvePackage } from './source.ts';
import { Turns } from './turns.ts';

/** Far above any model, far below what a zip bomb wants. */
const MAX_UNPACKED_BYTES = 256 * 1024 ** 3;
const AT_ONCE = 2;

/** Lays out the workspaces of service versions under `services/<name>/v<N>`. */
export class Packages {
  private readonly turns = new Turns(AT_ONCE);

  constructor(
    private readonly servicesDir: string,
    private readonly objects: ObjectLookup,
    private readonly launcher: Launcher,
  ) {}

  workspace(service: string, version: number): string {
    return join(this.servicesDir, service, `v${version}`);
  }

  /** Fetches and unpacks the packages of one version; leftovers of an interrupted try are thrown away first. */
  async prepare(
    spec: ServiceSpec,
    version: number,
    onProgress: (message: string) => void,
    signal: AbortSignal,
  ): Promise<PrepareOutcome> {
    const workspace = this.workspace(spec.name, version);
    const fetched = join(dirname(workspace), `fetched-v${version}`);
    if (this.turns.areTaken) onProgress('Waiting until the packages of other services are prepared');
    const release = await this.turns.take();
    try {
      for (const path of [workspace, fetched]) rmSync(path, { recursive: true, force: true });
      mkdirSync(dirname(workspace), { recursive: true, mode: 0o700 });
      const resolve = (field: string, address: string): PackageSource =>
        resolvePackage(field, address, this.objects, join(fetched, field));
      const model = spec.modelPath ? resolve('model_path', spec.modelPath) : undefined;
      const warmUp = spec.warmUpPath ? resolve('warm_up_data_path', spec.warmUpPath) : undefined;
      return await runPrepare(
        this.launcher,
        {
          workspace,
          model,
          warmUp,
          processor: resolve('processor_path', spec.processorPath),
          processorEntry: spec.processor.entry || undefined,
          processorType: spec.processor.type,
          modelEntry: spec.modelEntry || undefined,
          maxUnpackedBytes: MAX_UNPACKED_BYTES,
        },
        onProgress,
        signal,
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return {
        ok: false,
        message: error instanceof PackageError ? message : `preparing the package: ${message}`,
      };
    } finally {
      rmSync(fetched, { recursive: true, force: true });
      release();
    }
  }

  remove(service: string): void {
    rmSync(join(this.servicesDir, service), { recursive: true, force: true });
  }
}
