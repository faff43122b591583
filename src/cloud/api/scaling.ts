import type { ScalingApi } from '../../core/scaling/api.ts';
import type { ApiCaller } from './caller.ts';
import { encode } from './path.ts';

/** openapi.md section 5: an autoscaler and a cronscaler for each service. */
export function scalingOperations(caller: ApiCaller, region: string): ScalingApi {
  const send = async <T>(
    action: string,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    service: string,
    kind: 'autoscaler' | 'cronscaler',
    settings?: object,
  ): Promise<T> =>
    (await caller.call({
      action,
      method,
      path: `/api/v2/services/${encode(region)}/${encode(service)}/${kind}`,
      body: settings && JSON.stringify(settings),
      isRepeatable: method === 'GET' || method === 'PUT',
    })) as T;
  return {
    createAutoscaler: (service, settings) =>
      send('CreateServiceAutoScaler', 'POST', service, 'autoscaler', settings),
    updateAutoscaler: (service, settings) =>
      send('UpdateServiceAutoScaler', 'PUT', service, 'autoscaler', settings),
    describeAutoscaler: (service) => send('DescribeServiceAutoScaler', 'GET', service, 'autoscaler'),
    deleteAutoscaler: (service) => send('DeleteServiceAutoScaler', 'DELETE', service, 'autoscaler'),
    createCronscaler: (service, settings) =>
      send('CreateServiceCronScaler', 'POST', service, 'cronscaler', settings),
    updateCronscaler: (service, settings) =>
      send('UpdateServiceCronScaler', 'PUT', service, 'cronscaler', settings),
    describeCronscaler: (service) => send('DescribeServiceCronScaler', 'GET', service, 'cronscaler'),
    deleteCronscaler: (service) => send('DeleteServiceCronScaler', 'DELETE', service, 'cronscaler'),
  };
}
