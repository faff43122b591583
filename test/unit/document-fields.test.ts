import { describe, expect, test } from 'bun:test';
import { EasError } from '../../src/core/errors.ts';
import { applyAssignments } from '../../src/core/service/document/assign.ts';
import { FIELDS } from '../../src/core/service/document/fields.ts';
import { readServiceDocument } from '../../src/core/service/document.ts';

/**
 * Every field of eascmd.md 3.3 and 3.4: what the page gives for it is taken, anything of another type or out of its
 * range is refused, in a file and by -D, before anything is sent.
 */
type Row = [taken: unknown[], refused: unknown[]];

const text: Row = [['x'], [5, true, null, ['x'], { a: 'x' }]];
const flag: Row = [
  [true, false, 'true', 'false'],
  ['yes', 1, null, {}],
];
const from = (least: number): Row => [
  [least, 7],
  [least - 1, 1.5, '7', null, [7], 2_147_483_648],
];
const object: Row = [[{}], ['x', 5, null, []]];

const top: Record<string, Row> = {
  name: [['savedmodel_example'], [5, null, 'Big', 'a-b', '1a', '']],
  token: text,
  generate_token: flag,
  model_path: text,
  oss_endpoint: text,
  model_entry: text,
  model_config: [
    ['{"a": 1}', { model: 'x' }],
    [5, null, ['x'], true],
  ],
  processor: [
    ['tensorflow_cpu_1.15', 'parameter_sever', 'pmml'],
    ['tensorflow_cpu_1_15', 'pmlm', '', 5, null],
  ],
  processor_path: text,
  processor_entry: text,
  processor_mainclass: text,
  processor_type: [
    ['cpp', 'java', 'python'],
    ['c++', 'Python', '', 5],
  ],
  processor_params: [
    [['a', 'b'], []],
    ['a', ['a', 1], {}],
  ],
  data_image: text,
  cuda: text,
  metadata: [[{}], ['x', 5, []]],
  cloud: [
    [
      {},
      {
        computing: {
          instances: [
            { type: 'ecs.c7', spot_price_limit: 0.5, capacity: '20%' },
            { type: 'b', capacity: 3 },
          ],
          disable_spot_protection_period: false,
        },
        networking: { vpc_id: 'v', vswitch_id: 'w', security_group_id: 's' },
        newer: 1,
      },
    ],
    [
      'x',
      { computing: [] },
      { computing: { instances: {} } },
      { computing: { instances: ['ecs.c7'] } },
      { computing: { instances: [{ type: 5 }] } },
      { computing: { instances: [{ spot_price_limit: 0 }] } },
      { computing: { instances: [{ capacity: '200.5%' }] } },
      { computing: { instances: [{ capcity: 1 }] } },
      { computing: { disable_spot_protection_period: 'no' } },
      { networking: { vpc_id: 5 } },
      { networking: { vpcid: 'v' } },
      { computng: {} },
    ],
  ],
  containers: [
    [
      [],
      [{ image: 'i', env: [{ name: 'n', value: 'v' }], command: 'c', script: 's', port: 8000 }],
      [{ prepare: { pythonRequirements: ['a==1'], pythonRequirementsPath: '/p' } }],
    ],
    [
      {},
      ['i'],
      [{ image: 5 }],
      [{ imgae: 'i' }],
      [{ env: {} }],
      [{ env: [{ name: 5 }] }],
      [{ port: '8000' }],
      [{ port: 0 }],
      [{ port: 65536 }],
      // eascmd.md 3.3: not 8080 and 9090
      [{ port: 8080 }],
      [{ port: 9090 }],
      [{ prepare: { pythonRequirements: 'a==1' } }],
    ],
  ],
  dockerAuth: text,
  networking: [
    [
      {
        gateway: 'gw-1',
        gateway_policy: {
          rate_limit: { enable: true, limit: 5 },
          concurrency_limit: { enable: false, limit: 9 },
        },
      },
    ],
    [
      'gw-1',
      { gateway: 5 },
      { gatway: 'gw-1' },
      { gateway_policy: 5 },
      { gateway_policy: { rate_limit: 5 } },
      { gateway_policy: { rate_limit: { enable: 'yes' } } },
      { gateway_policy: { concurrency_limit: { limit: -1 } } },
      { gateway_policy: { rate_limt: {} } },
    ],
  ],
  storage: [
    [
      [
        {
          mount_path: '/m',
          oss: { endpoint: 'e', path: 'oss://b/', readOnly: true },
          properties: { resource_type: 'model' },
        },
      ],
    ],
    [
      {},
      ['/m'],
      [{ mount_path: 5 }],
      [{ mountpath: '/m' }],
      [{ oss: 'oss://b/' }],
      [{ oss: { readOnly: 'yes' } }],
      [{ oss: { pth: 'oss://b/' } }],
      [{ properties: { resource_type: 5 } }],
    ],
  ],
  aimaster: object,
  warm_up_data_path: text,
  'runtime.enable_crash_block': flag,
  'autoscaler.min': from(0),
  'autoscaler.max': from(0),
  'autoscaler.strategies': [
    [{ qps: 10 }, { cpu: 50.5, 'gpu[util]': 80 }, { queue_length: 5 }],
    [10, [], { qps: '10' }, { qps: 0 }, { qps: -1 }, { qsp: 10 }, { queue_length: 'many' }],
  ],
  'autoscaler.behavior': [
    [
      {
        scaleUp: { stabilizationWindowSeconds: 0 },
        scaleDown: { stabilizationWindowSeconds: 300 },
        onZero: { scaleDownGracePeriodSeconds: 600, scaleUpActivationReplicas: 1, interceptTraffic: true },
      },
    ],
    [
      5,
      { scaleUp: 5 },
      { scaleup: {} },
      { scaleDown: { stabilizationWindowSeconds: -1 } },
      { scaleDown: { stabilizationWindowSecond: 1 } },
      { onZero: { scaleUpActivationReplicas: 0 } },
    ],
  ],
  labels: [
    [{}, { team: '视觉' }],
    ['team', [], { team: 5 }, { team: null }],
  ],
  'unit.size': from(1),
  sinker: [
    [{ type: 'maxcompute', config: {} }, { type: 'sls' }],
    ['sls', { type: 'mysql' }, { type: 5 }, { config: 5 }, { tpye: 'sls' }],
  ],
  confidential: [
    [{ trustee_endpoint: 'e', decryption_key: 'k' }],
    ['k', { decryption_key: 5 }, { decription_key: 'k' }],
  ],
  features: [[{ 'eas.aliyun.com/extra-ephemeral-storage': '30Gi' }], ['x', []]],
  'options.enable_ram_role': flag,
};

const metadata: Record<string, Row> = {
  name: [['echo'], [5, null, 'Big']],
  instance: from(0),
  workers: from(1),
  cpu: [
    [1, 0.5],
    [0, -1, '1', null],
  ],
  gpu: from(0),
  memory: from(1),
  resource: text,
  region: text,
  cuda: [
    ['9.0', '10.0', '11.2'],
    [10, 'cuda10', '10', null],
  ],
  workspace_id: text,
  type: text,
  gpu_memory: from(0),
  gpu_core_percentage: [
    [0, 100],
    [-1, 101, '50'],
  ],
  qos: [
    ['', 'BestEffort'],
    ['besteffort', 5],
  ],
  rdma: [
    [0, 1],
    [2, true],
  ],
  enable_grpc: flag,
  enable_webservice: flag,
  shm_size: [
    [0, 1.5],
    [-1, '1G'],
  ],
  resource_rebalancing: flag,
  workload_type: text,
  resource_burstable: flag,
  'rpc.batching': flag,
  'rpc.keepalive': from(1),
  'rpc.io_threads': from(1),
  'rpc.max_batch_size': from(1),
  'rpc.max_batch_timeout': from(0),
  'rpc.max_queue_size': from(1),
  'rpc.worker_threads': from(1),
  'rpc.rate_limit': from(0),
  'rpc.enable_sigterm': flag,
  'rpc.enable_jemalloc': flag,
  'rpc.http.default_headers': [
    ['{"a": "b"}', {}],
    [5, []],
  ],
  'eas.handlers.disable_failure_handler': flag,
  'eas.enabled_model_verification': flag,
  'eas.termination_grace_period': from(0),
  'scheduling.spread.policy': [
    ['host', 'zone', 'default'],
    ['rack', 5],
  ],
  'rolling_strategy.max_surge': [
    [0, 1, '2%', '100%'],
    [-1, '2', '2.5%', 'some'],
  ],
  'rolling_strategy.max_unavailable': [
    [0, 1, '20%'],
    [-1, '20', null],
  ],
};

const rows = [
  ...Object.entries(top).map(([key, row]) => ({ path: key, keys: [key], row })),
  ...Object.entries(metadata).map(([key, row]) => ({
    path: `metadata.${key}`,
    keys: ['metadata', key],
    row,
  })),
];

test('there is a row for every field that is read, and for no other', () => {
  expect(rows.map(({ path }) => path).sort()).toEqual(FIELDS.map(({ path }) => path).sort());
});

function withField(keys: string[], value: unknown): string {
  const [first, second] = keys;
  const document = second === undefined ? { [first!]: value } : { [first!]: { [second]: value } };
  return JSON.stringify(document);
}

function refusal(work: () => unknown): EasError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof EasError) return error;
    throw error;
  }
}
const read = (document: string) => readServiceDocument(document, 'service.json', 'modify');

describe.each(rows)('$path', ({ path, keys, row: [taken, refused] }) => {
  test.each(taken.map((value) => [JSON.stringify(value)]))('takes %s', (json) => {
    // A document of one empty object says nothing to change, which is another rule.
    const document = withField(keys, JSON.parse(json));
    if (document !== '{"metadata":{}}') expect(refusal(() => read(document))).toBeUndefined();
    expect(refusal(() => applyAssignments({}, [`${path}=${json}`]))).toBeUndefined();
  });

  test.each(refused.map((value) => [JSON.stringify(value)]))('refuses %s, and says where', (json) => {
    const error = refusal(() => read(withField(keys, JSON.parse(json))));
    expect(error?.exit).toBe(2);
    expect(error?.message).toMatch(/^service\.json:1:\d+: /);
    // -Dtoken=123 is text that looks like a number.
    if (typeof taken[0] === 'string' && typeof JSON.parse(json) !== 'string') return;
    const assigned = refusal(() => applyAssignments({}, [`${path}=${json}`]));
    expect(assigned?.exit).toBe(2);
    expect(assigned?.message).toStartWith(`-D${path}: `);
  });

  test('is named when it is misspelt', () => {
    const slip = `${keys.at(-1)}${keys.at(-1)!.at(-1)}`;
    const error = refusal(() => read(withField([...keys.slice(0, -1), slip], taken[0])));
    expect([error?.exit, error?.code]).toEqual([2, 'UnknownField']);
    expect(error?.hint).toBe(`Did you mean "${keys.at(-1)}"?`);
  });
});
