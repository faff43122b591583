import { readAutoSettings } from '../../scaling/auto-settings.ts';
import type { Config } from '../../service/spec.ts';
import { type ApiContext, type Call, changeableServiceOf, serviceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

/** openapi.md CreateServiceAutoScaler. */
export function createServiceAutoScaler(context: ApiContext, call: Call) {
  const name = store(context, call, (isSet, service) => {
    if (isSet)
      throw new ApiError(409, 'AutoScalerAlreadyExists', `Service [${service}] has an autoscaler already`);
  });
  return { Message: `Succeed to auto scale service [${name}]` };
}

/** openapi.md UpdateServiceAutoScaler. */
export function updateServiceAutoScaler(context: ApiContext, call: Call) {
  const name = store(context, call, (isSet, service) => {
    if (!isSet) throw notSet(service);
  });
  return { Message: `Update auto scale for service [${name}] successfully` };
}

/** openapi.md DescribeServiceAutoScaler: names of metrics come back in upper case. */
export function describeServiceAutoScaler(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  const text = context.state.scalers.get(row.id, 'auto');
  if (text === undefined) throw notSet(row.name);
  const settings = readAutoSettings(JSON.parse(text) as Config);
  return {
    ServiceName: row.name,
    MinReplica: settings.min,
    MaxReplica: settings.max,
    ScaleStrategies: settings.strategies.map(({ metric, threshold, service }) => ({
      metricName: metric.toUpperCase(),
      threshold,
      service: service ?? row.name,
    })),
    Behavior: {
      scaleUp: { stabilizationWindowSeconds: settings.scaleUpWindowMs / 1000 },
      scaleDown: { stabilizationWindowSeconds: settings.scaleDownWindowMs / 1000 },
      onZero: {
        scaleDownGracePeriodSeconds: settings.zeroGraceMs / 1000,
        scaleUpActivationReplicas: settings.activation,
      },
    },
    CurrentMetrics: context.scaling.metrics(row, settings),
  };
}

/** openapi.md DeleteServiceAutoScaler: the instances stay as they are. */
export function deleteServiceAutoScaler(context: ApiContext, call: Call) {
  const row = changeableServiceOf(context, call);
  if (context.state.scalers.get(row.id, 'auto') === undefined) throw notSet(row.name);
  context.state.scalers.remove(row.id, 'auto');
  context.scaling.wake();
  return { Message: `Autoscaler for service [${row.name}] deleted successfully` };
}

function store(context: ApiContext, call: Call, check: (isSet: boolean, service: string) => void): string {
  const { state } = context;
  const body = call.json();
  const settings = readAutoSettings(body);
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    check(state.scalers.get(current.id, 'auto') !== undefined, current.name);
    for (const { service } of settings.strategies)
      if (service !== undefined && !state.services.byName(service))
        throw invalid(`scaleStrategies: there is no service [${service}] to measure`);
    state.scalers.put(current.id, 'auto', JSON.stringify(body));
    return current;
  });
  context.scaling.wake();
  return row.name;
}

const notSet = (service: string) =>
  new ApiError(404, 'InvalidAutoScaler.NotFound', `Service [${service}] has no autoscaler`);
