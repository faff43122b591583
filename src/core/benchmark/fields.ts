import { type FieldRule, INT32 } from '../service/document/rules.ts';

const text: FieldRule = { type: 'string' };
const filled = (looksLike: string): FieldRule => ({ type: 'string', pattern: /\S/, looksLike });
const count = (min: number, max = INT32): FieldRule => ({ type: 'integer', min, max });
const rate: FieldRule = { type: 'number', above: 0 };
const duration = count(1, 1200);

/** Sections and fields of the benchmark JSON (eascmd.md 3.6; base.name and service.serviceUrl are on the API's page). */
export const SECTIONS: Record<string, Record<string, FieldRule>> = {
  base: {
    name: text,
    agentCount: count(1),
    concurrency: count(1),
    duration,
    requestCount: count(1),
    qps: rate,
  },
  service: { serviceName: filled('the name of a service'), requestToken: text, serviceUrl: text },
  data: {
    content: filled('one request in base64'),
    path: filled('an address'),
    multiLine: { type: 'boolean' },
    dataType: text,
  },
  http: { headers: { type: 'list of strings' }, timeout: count(1) },
  optional: {
    mode: { type: 'string', values: ['auto', 'scan', 'manual'] },
    duration,
    agentCount: count(1),
    concurrency: count(1),
    adjustInterval: count(1, 1200),
    minQPS: rate,
    maxQPS: rate,
    maxRT: rate,
    qpsGrowthDelta: rate,
    faultTolerate: { type: 'number', min: 0, max: 1 },
    faultAction: { type: 'string', values: ['stop', 'revise'] },
  },
};

/** The document with the names above in their spelling: samples of the vendor differ in case. Unknown names stay. */
export function withKnownNames(document: Record<string, unknown>): Record<string, unknown> {
  return renamed(document, Object.keys(SECTIONS), (section, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? renamed(value as Record<string, unknown>, Object.keys(SECTIONS[section] ?? {}), (_, field) => field)
      : value,
  );
}

/** The one of `names` that `key` means, whatever its case. */
export function knownName(names: string[], key: string): string | undefined {
  return names.find((name) => name.toLowerCase() === key.toLowerCase());
}

function renamed(
  record: Record<string, unknown>,
  names: string[],
  inside: (name: string, value: unknown) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(record).map(([key, value]) => {
    const name = knownName(names, key) ?? key;
    return [name, inside(name, value)];
  });
  return Object.fromEntries(entries);
}

/** What UpdateBenchmarkTask takes: the two of the manual, and those of the API's page. */
export const UPDATABLE = [
  'optional.concurrency',
  'optional.agentCount',
  'base.concurrency',
  'base.agentCount',
  'base.qps',
  'base.duration',
];
