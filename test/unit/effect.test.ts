import { describe, expect, test } from 'bun:test';
import { FIELDS } from '../../src/core/service/document/fields.ts';
import { effectWarnings } from '../../src/core/service/effect.ts';

const here = { runtime: 'process', hasGpu: false } as const;
const boxed = { runtime: 'docker', hasGpu: false } as const;

describe('what this machine does not do is said', () => {
  test.each([
    [{ storage: [{ mount_path: '/mnt', oss: { path: 'oss://b/' } }] }, 'storage'],
    [{ networking: { gateway: 'gw-1' } }, 'networking'],
    [{ cloud: { computing: { instances: [{ type: 'ecs.g6.large' }] } } }, 'cloud'],
    [{ 'unit.size': 2 }, 'unit.size'],
    [{ unit: { size: 2 } }, 'unit.size'],
    [{ options: { enable_ram_role: true } }, 'options.enable_ram_role'],
    [{ processor_params: ['--strict'] }, 'processor_params'],
    [{ metadata: { type: 'Async' } }, 'metadata.type'],
    [{ metadata: { 'rpc.batching': true, 'rpc.max_batch_size': 8 } }, 'metadata.rpc.batching'],
    [{ metadata: { rpc: { batching: 'true' } } }, 'metadata.rpc.batching'],
    [{ metadata: { 'rpc.io_threads': 8 } }, 'metadata.rpc.io_threads'],
    [{ metadata: { qos: 'BestEffort' } }, 'metadata.qos'],
    [{ metadata: { scheduling: { spread: { policy: 'host' } } } }, 'metadata.scheduling.spread.policy'],
    [
      { metadata: { 'eas.handlers.disable_failure_handler': true } },
      'metadata.eas.handlers.disable_failure_handler',
    ],
  ] as const)('%j', (document, path) => {
    for (const where of [here, boxed])
      expect(effectWarnings(document, where)).toEqual([
        `without effect on this machine, unlike in the cloud: ${path}`,
      ]);
  });

  test('in one line, however many', () => {
    const document = { sinker: { type: 'sls' }, metadata: { rdma: 1, enable_grpc: true } };
    expect(effectWarnings(document, here)).toEqual([
      'without effect on this machine, unlike in the cloud: sinker, metadata.rdma, metadata.enable_grpc',
    ]);
  });

  test('a container has what a plain process has not', () => {
    const document = { data_image: 'd', cuda: '/c', metadata: { shm_size: 1, gpu: 1, cuda: '10.0' } };
    expect(effectWarnings(document, boxed)).toEqual([]);
    expect(effectWarnings(document, here)).toEqual([
      'without effect on this machine, unlike in the cloud: metadata.shm_size',
      expect.stringContaining('data_image is for --runtime docker'),
      expect.stringContaining('metadata.gpu asks for a GPU and this machine shows none'),
    ]);
    expect(effectWarnings({ metadata: { gpu: 1 } }, { ...here, hasGpu: true })).toEqual([]);
    expect(effectWarnings({ metadata: { cuda: '10.0' } }, here)).toHaveLength(1);
  });

  test.each([
    {},
    { metadata: { instance: 1, cpu: 1, memory: 1000, gpu: 0, 'rpc.batching': false, 'rpc.io_threads': 4 } },
    { metadata: { 'rpc.max_batch_size': 16, 'rpc.max_batch_timeout': 50, qos: '', rdma: 0 } },
    { metadata: { enable_grpc: 'false', 'scheduling.spread.policy': 'default' }, storage: [], cloud: {} },
    {
      unit: { size: 1 },
      labels: { a: 'b' },
      warm_up_data_path: './w.txt',
      runtime: { enable_crash_block: true },
    },
  ])('nothing is said of %j', (document) => expect(effectWarnings(document, here)).toEqual([]));

  test('every field of the reference works here, or is among them', () => {
    const works = `name token generate_token model_path oss_endpoint model_entry model_config processor_path processor_entry
      processor_mainclass processor_type warm_up_data_path runtime.enable_crash_block autoscaler.min autoscaler.max
      autoscaler.strategies autoscaler.behavior labels metadata metadata.name metadata.instance metadata.workers metadata.cpu
      metadata.memory metadata.resource metadata.rpc.keepalive metadata.rpc.max_queue_size metadata.rpc.worker_threads
      metadata.rpc.rate_limit metadata.rpc.enable_sigterm metadata.rpc.http.default_headers
      metadata.eas.termination_grace_period metadata.rolling_strategy.max_surge metadata.rolling_strategy.max_unavailable`;
    // Refused, a part of rpc.batching, or kept as data that only people look at.
    const others = `processor containers metadata.rpc.max_batch_size metadata.rpc.max_batch_timeout metadata.region
      metadata.workspace_id`;
    const known = [works, others].flatMap((text) => text.split(/\s+/));
    const silent = FIELDS.map(({ path }) => path).filter((path) => {
      const key = path.replace(/^metadata\./, '');
      const document = key === path ? { [key]: '7' } : { metadata: { [key]: '7' } };
      return !known.includes(path) && effectWarnings(document, here).length === 0;
    });
    expect(silent).toEqual([]);
  });
});
