import { flattenProperties } from './limits.ts';
import type { ServiceDocument } from './model.ts';

/** How instances run on this machine: as processes, or each in a container. */
export type LocalRuntime = 'process' | 'docker';

/** Fields that only the cloud does something about (docs/local-eas.md, Without effect), and values that ask for nothing. */
const CLOUD_ONLY: [path: string, idle?: string[]][] = [
  ['processor_params'],
  ['storage'],
  ['cloud'],
  ['networking'],
  ['dockerAuth'],
  ['aimaster'],
  ['sinker'],
  ['confidential'],
  ['features'],
  ['unit.size', ['1']],
  ['options.enable_ram_role'],
  ['metadata.type'],
  ['metadata.gpu_memory'],
  ['metadata.gpu_core_percentage'],
  ['metadata.qos'],
  ['metadata.rdma'],
  ['metadata.enable_grpc'],
  ['metadata.enable_webservice'],
  ['metadata.resource_rebalancing'],
  ['metadata.resource_burstable'],
  ['metadata.workload_type'],
  ['metadata.scheduling.spread.policy', ['default']],
  ['metadata.rpc.batching'],
  ['metadata.rpc.io_threads', ['4']],
  ['metadata.rpc.enable_jemalloc'],
  ['metadata.eas.handlers.disable_failure_handler'],
  ['metadata.eas.enabled_model_verification'],
];

const NOTHING_ASKED = ['', 'false', '0', '[]'];

/**
 * Warnings about what a service description asks for and this machine does not do, so that nothing is ignored in
 * silence. `runtime`: undefined when it is not known; `hasGpu`: whether this machine has one.
 */
export function effectWarnings(
  document: ServiceDocument,
  { runtime, hasGpu }: { runtime: LocalRuntime | undefined; hasGpu: boolean },
): string[] {
  const values = flattenProperties(document);
  const asks = (path: string, idle: string[] = []) =>
    Object.entries(values).some(
      ([name, value]) =>
        (name === path || name.startsWith(`${path}.`)) && ![...NOTHING_ASKED, ...idle].includes(value),
    );
  const warnings: string[] = [];
  const unused = CLOUD_ONLY.filter(([path, idle]) => asks(path, idle)).map(([path]) => path);
  if (runtime === 'process' && asks('metadata.shm_size')) unused.push('metadata.shm_size');
  if (unused.length > 0)
    warnings.push(`without effect on this machine, unlike in the cloud: ${unused.join(', ')}`);
  if (runtime !== 'process') return warnings;
  if (asks('data_image'))
    warnings.push(
      'data_image is for --runtime docker: a plain process runs without what that image holds, with a Python of this machine',
    );
  const gpu = ['metadata.gpu', 'metadata.cuda', 'cuda'].find((path) => asks(path));
  if (gpu && !hasGpu)
    warnings.push(
      `${gpu} asks for a GPU and this machine shows none (there is no NVIDIA driver): the processor runs without one`,
    );
  return warnings;
}
