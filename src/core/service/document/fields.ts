import { type FieldRule, INT32 } from './rules.ts';

export interface Field extends FieldRule {
  /** Object that holds the field: '' is the document itself. */
  container: string;
  /** The name as written there; the manual writes `rpc.keepalive` as one name and newer pages nest it, both are read. */
  key: string;
  /** Container and key, dotted: the one name of the field. */
  path: string;
}

const text: FieldRule = { type: 'string' };
const flag: FieldRule = { type: 'boolean' };
const object: FieldRule = { type: 'object' };
const share: FieldRule = { type: 'integer or percentage', min: 0 };
const objectOf = (fields: Record<string, FieldRule>): FieldRule => ({ type: 'object', fields });
const listOf = (fields: Record<string, FieldRule>): FieldRule => ({
  type: 'array',
  each: objectOf(fields),
});
const count = (min: number, max = INT32): FieldRule => ({ type: 'integer', min, max });
const oneOf = (...values: string[]): FieldRule => ({ type: 'string', values });

const limit = objectOf({ enable: flag, limit: count(0) });
const seconds = objectOf({ stabilizationWindowSeconds: count(0) });

/** Members of the newer fields, as far as eascmd.md names them below 3.3. */
const CLOUD = objectOf({
  computing: objectOf({
    instances: listOf({ type: text, spot_price_limit: { type: 'number', above: 0 }, capacity: share }),
    disable_spot_protection_period: flag,
  }),
  networking: objectOf({ vpc_id: text, vswitch_id: text, security_group_id: text }),
});
const CONTAINERS = listOf({
  image: text,
  env: listOf({ name: text, value: text }),
  command: text,
  script: text,
  // Those two are the engine's own.
  port: { ...count(1, 65_535), except: [8080, 9090] },
  prepare: objectOf({ pythonRequirements: { type: 'list of strings' }, pythonRequirementsPath: text }),
});
const NETWORKING = objectOf({
  gateway: text,
  gateway_policy: objectOf({ rate_limit: limit, concurrency_limit: limit }),
});
const STORAGE = listOf({
  mount_path: text,
  oss: objectOf({ endpoint: text, path: text, readOnly: flag }),
  properties: objectOf({ resource_type: text }),
});
const THRESHOLD: FieldRule = { type: 'number', above: 0 };
/** Metrics known here (eascmd.md 3.7); others are passed on. */
const STRATEGIES: FieldRule = {
  ...objectOf({ qps: THRESHOLD, qps1k: THRESHOLD, cpu: THRESHOLD, 'gpu[util]': THRESHOLD }),
  each: THRESHOLD,
};
const BEHAVIOR = objectOf({
  scaleUp: seconds,
  scaleDown: seconds,
  onZero: objectOf({ scaleDownGracePeriodSeconds: count(0), scaleUpActivationReplicas: count(1) }),
});

/** eascmd.md 3.3 and the summary of newer fields below it. */
const TOP_LEVEL: Record<string, FieldRule> = {
  name: text,
  token: text,
  generate_token: flag,
  model_path: text,
  oss_endpoint: text,
  model_entry: text,
  model_config: { type: 'string or object' },
  processor: text,
  processor_path: text,
  processor_entry: text,
  processor_mainclass: text,
  processor_type: oneOf('cpp', 'java', 'python'),
  processor_params: { type: 'list of strings' },
  data_image: text,
  cuda: text,
  metadata: object,
  cloud: CLOUD,
  containers: CONTAINERS,
  dockerAuth: text,
  networking: NETWORKING,
  storage: STORAGE,
  aimaster: object,
  warm_up_data_path: text,
  'runtime.enable_crash_block': flag,
  'autoscaler.min': count(0),
  'autoscaler.max': count(0),
  'autoscaler.strategies': STRATEGIES,
  'autoscaler.behavior': BEHAVIOR,
  labels: { type: 'object', each: text },
  'unit.size': count(1),
  sinker: objectOf({ type: oneOf('maxcompute', 'sls'), config: object }),
  confidential: objectOf({ trustee_endpoint: text, decryption_key: text }),
  features: object,
  'options.enable_ram_role': flag,
};

/** eascmd.md 3.4. */
const METADATA: Record<string, FieldRule> = {
  name: text,
  instance: count(0),
  workers: count(1),
  cpu: { type: 'number', above: 0, max: INT32 },
  gpu: count(0),
  memory: count(1),
  resource: text,
  region: text,
  cuda: { type: 'string', pattern: /^\d+\.\d+$/, looksLike: 'a version such as "10.0"' },
  workspace_id: text,
  type: text,
  gpu_memory: count(0),
  gpu_core_percentage: count(0, 100),
  qos: oneOf('', 'BestEffort'),
  rdma: count(0, 1),
  enable_grpc: flag,
  enable_webservice: flag,
  shm_size: { type: 'number', min: 0 },
  resource_rebalancing: flag,
  workload_type: text,
  resource_burstable: flag,
  'rpc.batching': flag,
  'rpc.keepalive': count(1),
  'rpc.io_threads': count(1),
  'rpc.max_batch_size': count(1),
  'rpc.max_batch_timeout': count(0),
  'rpc.max_queue_size': count(1),
  'rpc.worker_threads': count(1),
  'rpc.rate_limit': count(0),
  'rpc.enable_sigterm': flag,
  'rpc.enable_jemalloc': flag,
  'rpc.http.default_headers': { type: 'string or object' },
  'eas.handlers.disable_failure_handler': flag,
  'eas.enabled_model_verification': flag,
  'eas.termination_grace_period': count(0),
  'scheduling.spread.policy': oneOf('host', 'zone', 'default'),
  'rolling_strategy.max_surge': share,
  'rolling_strategy.max_unavailable': share,
};

const rows = (container: string, rules: Record<string, FieldRule>): Field[] =>
  Object.entries(rules).map(([key, rule]) => ({
    ...rule,
    container,
    key,
    path: container ? `${container}.${key}` : key,
  }));

export const FIELDS: readonly Field[] = [...rows('', TOP_LEVEL), ...rows('metadata', METADATA)];

const byPath = new Map(FIELDS.map((field) => [field.path, field]));

export function fieldAt(path: string): Field | undefined {
  return byPath.get(path);
}

/** Whether known fields stand below `path`, as below `metadata.rpc`. */
export function isSection(path: string): boolean {
  return path === '' || FIELDS.some((field) => field.path.startsWith(`${path}.`));
}

/** Names that may stand directly in the object at `path`, in both spellings of dotted ones. */
export function namesIn(path: string): Set<string> {
  const names = new Set<string>();
  const prefix = path === '' ? '' : `${path}.`;
  for (const field of FIELDS) {
    if (!field.path.startsWith(prefix)) continue;
    const rest = field.path.slice(prefix.length);
    names.add(rest.split('.')[0]!);
    if (field.container === path) names.add(rest);
  }
  return names;
}
