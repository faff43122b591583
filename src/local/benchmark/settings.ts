import { headerProblem, isBase64, splitHeader } from '../../core/benchmark/document.ts';
import { invalid } from '../api/error.ts';
import type { Config } from '../service/spec.ts';
import { isObject } from '../service/values.ts';
import type { Limits } from './policy.ts';

/** Far more than this machine can use; each agent is a process. */
const MOST_AGENTS = 8;
const MOST_CONNECTIONS = 1000;
const MOST_SECONDS = 1200;

/** A benchmark document, understood (eascmd.md 3.6), with defaults. */
export interface BenchmarkSettings {
  name?: string;
  service: string;
  requestToken?: string;
  data: { content: string } | { addresses: string[] };
  isMultiLine: boolean;
  headers: [name: string, value: string][];
  timeoutMs: number;
  mode: 'auto' | 'scan' | 'manual';
  seconds: number;
  agents: number;
  /** Of each agent; undefined in modes that find it themselves, unless the document names a start. */
  connections?: number;
  qps?: number;
  requests?: number;
  adjustSeconds: number;
  minQps: number;
  growth: number;
  limits: Limits;
}

/**
 * `config` has the names of core/benchmark/fields.ts. Throws ApiError for what is missing, of the wrong type, out of range or
 * can't be done on this machine.
 */
export function readSettings(config: Config): BenchmarkSettings {
  const [base, service, data, http, optional] = ['base', 'service', 'data', 'http', 'optional'].map(
    (name) => new Section(config, name),
  ) as [Section, Section, Section, Section, Section];
  if (service.text('serviceUrl') !== undefined)
    throw invalid('service.serviceUrl is not supported: Local EAS sends to its own services only');
  const type = data.text('dataType');
  if (type !== undefined && type !== 'binary')
    throw invalid(`data.dataType ${type} is not supported by Local EAS, which sends data as it is: binary`);
  const name = service.text('serviceName');
  if (name === undefined) throw invalid('service.serviceName is missing');
  const mode = optional.oneOf('mode', ['auto', 'scan', 'manual']) ?? 'auto';
  const either = (key: string, most: number) => optional.whole(key, most) ?? base.whole(key, most);
  const settings: BenchmarkSettings = {
    name: base.text('name'),
    service: name,
    requestToken: service.text('requestToken'),
    data: dataOf(data),
    isMultiLine: data.flag('multiLine'),
    headers: headersOf(http),
    timeoutMs: http.whole('timeout', 3_600_000) ?? 20_000,
    mode,
    seconds: either('duration', MOST_SECONDS) ?? 600,
    agents: either('agentCount', MOST_AGENTS) ?? 1,
    connections: either('concurrency', MOST_CONNECTIONS) ?? (mode === 'manual' ? 2 : undefined),
    qps: base.rate('qps'),
    requests: base.whole('requestCount', Number.MAX_SAFE_INTEGER),
    adjustSeconds: optional.whole('adjustInterval', MOST_SECONDS) ?? 60,
    minQps: optional.rate('minQPS') ?? 100,
    growth: optional.rate('qpsGrowthDelta') ?? 50,
    limits: {
      maxRt: optional.rate('maxRT'),
      maxQps: optional.rate('maxQPS'),
      faultTolerate: optional.share('faultTolerate') ?? 0.001,
      faultAction: optional.oneOf('faultAction', ['stop', 'revise']) ?? 'revise',
    },
  };
  // An agent without a request to send would never end.
  if (settings.requests !== undefined) settings.agents = Math.min(settings.agents, settings.requests);
  const { maxQps } = settings.limits;
  if (mode === 'scan' && maxQps !== undefined && maxQps < settings.minQps)
    throw invalid(`optional.maxQPS must be at least optional.minQPS, which is ${settings.minQps}`);
  return settings;
}

/** The document that is kept: what was sent, with the settings in force under `base` (eascmd.md 2.14, desc). */
export function storedConfig(sent: Config, settings: BenchmarkSettings): Config {
  const { agents, connections, seconds, requests, qps } = settings;
  const base = { ...(isObject(sent.base) ? sent.base : {}), agentCount: agents, duration: seconds };
  return {
    ...sent,
    base: {
      ...base,
      ...(connections === undefined ? {} : { concurrency: connections }),
      ...(requests === undefined ? {} : { requestCount: requests }),
      ...(qps === undefined ? {} : { qps }),
    },
  };
}

/** The document after an UpdateBenchmarkTask; `base` and `optional` name the same settings, so both follow. */
export function updatedConfig(config: Config, change: Config): Config {
  const changes: Config = {};
  for (const [section, values] of Object.entries(change)) {
    if (!['base', 'optional'].includes(section) || !isObject(values))
      throw invalid(`${section} can't be changed: only base and optional can`);
    for (const [key, value] of Object.entries(values)) {
      const allowed = ['agentCount', 'concurrency', ...(section === 'base' ? ['qps', 'duration'] : [])];
      if (!allowed.includes(key)) throw invalid(`${section}.${key} can't be changed while a task runs`);
      changes[key] = value;
    }
  }
  if (Object.keys(changes).length === 0) throw invalid('the change is empty');
  const optional = isObject(config.optional) ? { ...config.optional } : {};
  for (const key of Object.keys(optional)) if (key in changes) delete optional[key];
  const base = isObject(config.base) ? config.base : {};
  return { ...config, base: { ...base, ...changes }, optional };
}

function dataOf(data: Section): BenchmarkSettings['data'] {
  const [content, path] = [data.text('content'), data.text('path')];
  if (content !== undefined && path !== undefined)
    throw invalid('data.content and data.path exclude each other');
  if (content !== undefined) {
    if (!isBase64(content)) throw invalid('data.content must be one request in base64');
    return { content };
  }
  const addresses = (path ?? '').split(',').map((address) => address.trim());
  if (path === undefined || addresses.includes(''))
    throw invalid('data.content or data.path is missing: there is nothing to send');
  return { addresses };
}

function headersOf(http: Section): BenchmarkSettings['headers'] {
  return http.list('headers').map((entry, at) => {
    const problem = headerProblem(entry);
    if (problem) throw invalid(`http.headers[${at}] ${problem}`);
    const [name, value] = splitHeader(entry);
    return [name, value!];
  });
}

/** Fields of one section by their name in the table of core/benchmark/fields.ts. */
class Section {
  private readonly fields = new Map<string, unknown>();

  constructor(
    config: Config,
    private readonly name: string,
  ) {
    const section = config[name];
    if (section === undefined || section === null) return;
    if (!isObject(section)) throw invalid(`${name} must be an object`);
    for (const [key, value] of Object.entries(section))
      if (value !== null && value !== '') this.fields.set(key, value);
  }

  text(key: string): string | undefined {
    const value = this.fields.get(key);
    if (value !== undefined && typeof value !== 'string') throw this.wrong(key, 'a string', value);
    return value;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.text(key);
    const found = allowed.find((each) => each === value);
    if (value !== undefined && !found) throw this.wrong(key, `one of ${allowed.join(', ')}`, value);
    return found;
  }

  flag(key: string): boolean {
    const value = this.fields.get(key) ?? false;
    if (value !== true && value !== false && value !== 'true' && value !== 'false')
      throw this.wrong(key, 'true or false', value);
    return value === true || value === 'true';
  }

  whole(key: string, most: number): number | undefined {
    return this.number(
      key,
      `a whole number from 1 to ${most}`,
      (value) => Number.isInteger(value) && value >= 1 && value <= most,
    );
  }

  rate(key: string): number | undefined {
    return this.number(key, 'a number above 0', (value) => value > 0);
  }

  share(key: string): number | undefined {
    return this.number(key, 'a number from 0 to 1', (value) => value >= 0 && value <= 1);
  }

  list(key: string): string[] {
    const value = this.fields.get(key) ?? [];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
      throw this.wrong(key, 'a list of strings', value);
    return value;
  }

  private number(key: string, wanted: string, fits: (value: number) => boolean): number | undefined {
    const value = this.fields.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value) || !fits(value))
      throw this.wrong(key, wanted, value);
    return value;
  }

  private wrong(key: string, wanted: string, value: unknown) {
    return invalid(`${this.name}.${key} must be ${wanted}, not ${JSON.stringify(value)}`);
  }
}
