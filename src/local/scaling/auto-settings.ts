import { ApiError, invalid } from '../api/error.ts';
import type { Config } from '../service/spec.ts';
import { isObject } from '../service/values.ts';
import { canMeasureCpu } from './cpu.ts';

export interface AutoSettings {
  min: number;
  max: number;
  strategies: Strategy[];
  scaleUpWindowMs: number;
  scaleDownWindowMs: number;
  zeroGraceMs: number;
  activation: number;
}

export interface Strategy {
  metric: 'qps' | 'qps1k' | 'cpu';
  threshold: number;
  /** Service that is measured when it is not the scaled one. */
  service: string | undefined;
}

/** As many as a service may have (service/read.ts). */
const MOST = 100;

/**
 * Reads the body of Create- and UpdateServiceAutoScaler, with the defaults of openapi.md section 5. Throws ApiError
 * for what is missing, out of range, or a metric that this machine can't measure.
 */
export function readAutoSettings(body: Config): AutoSettings {
  const min = whole(body, 'min', '', { least: 0, most: MOST });
  const max = whole(body, 'max', '', { least: 1, most: MOST });
  if (min === undefined || max === undefined)
    throw new ApiError(400, 'MissingParameter', `${min === undefined ? 'min' : 'max'} is missing`);
  if (max <= min) throw invalid(`max must be greater than min: max is ${max}, min is ${min}`);
  const behavior = section(body, 'behavior');
  const [up, down, zero] = ['scaleUp', 'scaleDown', 'onZero'].map((name) => section(behavior, name));
  const seconds = (from: Config, name: string, where: string, fallback: number) =>
    1000 * (whole(from, name, where, { least: 0, most: 86_400 }) ?? fallback);
  return {
    min,
    max,
    strategies: readStrategies(body.scaleStrategies),
    scaleUpWindowMs: seconds(up!, 'stabilizationWindowSeconds', 'behavior.scaleUp.', 0),
    scaleDownWindowMs: seconds(down!, 'stabilizationWindowSeconds', 'behavior.scaleDown.', 300),
    zeroGraceMs: seconds(zero!, 'scaleDownGracePeriodSeconds', 'behavior.onZero.', 600),
    activation: whole(zero!, 'scaleUpActivationReplicas', 'behavior.onZero.', { least: 1, most: MOST }) ?? 1,
  };
}

function readStrategies(value: unknown): Strategy[] {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
    throw new ApiError(400, 'MissingParameter', 'scaleStrategies is missing');
  if (!Array.isArray(value)) throw invalid('scaleStrategies must be a list');
  return value.map((item, index) => {
    const where = `scaleStrategies[${index}]`;
    if (!isObject(item)) throw invalid(`${where} must be an object`);
    const { metricName, threshold, service } = item;
    if (metricName === undefined || threshold === undefined)
      throw new ApiError(
        400,
        'MissingParameter',
        `${where}.${metricName === undefined ? 'metricName' : 'threshold'} is missing`,
      );
    if (typeof threshold !== 'number' || !(threshold > 0))
      throw invalid(`${where}.threshold must be a number above 0, not ${JSON.stringify(threshold)}`);
    if (service !== undefined && service !== null && typeof service !== 'string')
      throw invalid(`${where}.service must be the name of a service`);
    return { metric: readMetric(metricName, where), threshold, service: service || undefined };
  });
}

function readMetric(name: unknown, where: string): Strategy['metric'] {
  const metric = typeof name === 'string' ? name.toLowerCase() : '';
  if (metric === 'cpu' && !canMeasureCpu)
    throw invalid(`${where}.metricName: cpu can only be measured on Linux; use qps`);
  if (metric === 'qps' || metric === 'qps1k' || metric === 'cpu') return metric;
  throw invalid(`${where}.metricName: Local EAS scales by qps, qps1k and cpu, not ${JSON.stringify(name)}`);
}

function section(from: Config, name: string): Config {
  const value = from[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalid(`${name} must be an object`);
  return value;
}

function whole(
  from: Config,
  name: string,
  where: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(
    `${where}${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`,
  );
}
