import { invalid } from '../api/error.ts';
import type { Config } from '../service/spec.ts';
import { isObject } from '../service/values.ts';
import { readAutoSettings } from './auto-settings.ts';

/**
 * The autoscaler that a service JSON brings (eascmd.md 3.7: `{"min":2,"max":5,"strategies":{"qps":10}}`), as the body
 * of CreateServiceAutoScaler; undefined when it says nothing. Throws ApiError when it is wrong.
 */
export function autoscalerBody(config: Config): string | undefined {
  const { autoscaler } = config;
  if (autoscaler === undefined || autoscaler === null) return undefined;
  if (!isObject(autoscaler)) throw invalid('autoscaler must be an object');
  const { strategies, ...rest } = autoscaler;
  if (!isObject(strategies)) throw invalid('autoscaler.strategies must be an object');
  const scaleStrategies = Object.entries(strategies).map(([metricName, threshold]) => ({
    metricName,
    threshold,
  }));
  const body = { ...rest, scaleStrategies };
  readAutoSettings(body);
  return JSON.stringify(body);
}
