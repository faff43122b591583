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

/** What UpdateBenchmarkTask takes: the two of the manual, and those of the API's page. */
export const UPDATABLE = [
  'optional.concurrency',
  'optional.agentCount',
  'base.concurrency',
  'base.agentCount',
  'base.qps',
  'base.duration',
];
