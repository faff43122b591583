export type FieldType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'object'
  | 'array'
  | 'list of strings'
  | 'string or object'
  | 'integer or percentage';

export interface FieldRule {
  type: FieldType;
  min?: number;
  /** The value must be greater than this. */
  above?: number;
  max?: number;
  values?: readonly string[];
  pattern?: RegExp;
  /** Shown for `pattern`. */
  looksLike?: string;
}

export interface Field extends FieldRule {
  /** Object that holds the field: '' is the document itself. */
  container: string;
  /** The name as written there; the manual writes `rpc.keepalive` as one name and newer pages nest it, both are read. */
  key: string;
  /** Container and key, dotted: the one name of the field. */
  path: string;
}

const INT32 = 2_147_483_647;
const text: FieldRule = { type: 'string' };
const flag: FieldRule = { type: 'boolean' };
const object: FieldRule = { type: 'object' };
const array: FieldRule = { type: 'array' };
const share: FieldRule = { type: 'integer or percentage', min: 0 };
const count = (min: number, max = INT32): FieldRule => ({ type: 'integer', min, max });
const oneOf = (...values: string[]): FieldRule => ({ type: 'string', values });

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
  cloud: object,
  containers: array,
  dockerAuth: text,
  networking: object,
  storage: array,
  aimaster: object,
  warm_up_data_path: text,
  'runtime.enable_crash_block': flag,
  'autoscaler.min': count(0),
  'autoscaler.max': count(0),
  'autoscaler.strategies': object,
  'autoscaler.behavior': object,
  labels: object,
  'unit.size': count(1),
  sinker: object,
  confidential: object,
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

/** The accepted values in words, for error texts. */
export function accepted(rule: FieldRule): string {
  if (rule.values) return `one of ${rule.values.map((value) => `"${value}"`).join(', ')}`;
  if (rule.looksLike) return rule.looksLike;
  switch (rule.type) {
    case 'integer':
      return `a whole number${range(rule)}`;
    case 'number':
      return `a number${range(rule)}`;
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'an object {…}';
    case 'array':
      return 'a list […]';
    case 'list of strings':
      return 'a list of strings';
    case 'string':
      return 'text in double quotes';
    case 'string or object':
      return 'text in double quotes or an object {…}';
    case 'integer or percentage':
      return 'a whole number or a percentage such as "20%"';
  }
}

function range({ min, above, max }: FieldRule): string {
  if (above !== undefined) return ` above ${above}`;
  if (min === undefined) return '';
  return max === undefined || max === INT32 ? ` of at least ${min}` : ` from ${min} to ${max}`;
}

/** What is wrong with a value, or undefined when the rule accepts it. */
export function valueProblem(rule: FieldRule, value: unknown): string | undefined {
  return accepts(rule, value) ? undefined : `must be ${accepted(rule)}, not ${shown(value)}`;
}

function accepts(rule: FieldRule, value: unknown): boolean {
  switch (rule.type) {
    case 'string':
      if (typeof value !== 'string') return false;
      return (!rule.values || rule.values.includes(value)) && (!rule.pattern || rule.pattern.test(value));
    case 'boolean':
      // The samples write "true" and "false" as text (eascmd.md 3.2).
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    case 'integer':
      return Number.isInteger(value) && inRange(rule, value as number);
    case 'number':
      return typeof value === 'number' && inRange(rule, value);
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'list of strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'string or object':
      return typeof value === 'string' || isObject(value);
    case 'integer or percentage':
      if (typeof value === 'string') return /^\d{1,3}%$/.test(value);
      return Number.isInteger(value) && inRange(rule, value as number);
  }
}

function inRange({ min, above, max }: FieldRule, value: number): boolean {
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity) && value > (above ?? -Infinity);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length <= 40 ? json : `${json.slice(0, 39)}…`;
}
