import type { ResourceApi } from '../../core/resource/api.ts';
import type { ApiCaller, Call } from './caller.ts';
import { encode } from './path.ts';

/** openapi.md section 7: resource groups and their direct connection. */
export function resourceOperations(caller: ApiCaller, region: string): ResourceApi {
  const path = (id: string, rest = '') => `/api/v2/resources/${encode(region)}/${encode(id)}${rest}`;
  const send = async <T>(call: Omit<Call, 'isRepeatable'>): Promise<T> =>
    (await caller.call({ ...call, isRepeatable: true })) as T;
  const page = (query: { pageNumber: number; pageSize: number }) => ({
    PageNumber: query.pageNumber,
    PageSize: query.pageSize,
  });
  return {
    listResources: (query) =>
      send({ action: 'ListResources', method: 'GET', path: '/api/v2/resources', query: page(query) }),
    describeResource: (id) => send({ action: 'DescribeResource', method: 'GET', path: path(id) }),
    listResourceInstances: (id, query) =>
      send({
        action: 'ListResourceInstances',
        method: 'GET',
        path: path(id, '/instances'),
        query: page(query),
      }),
    updateResourceDLink: (id, link) =>
      send({
        action: 'UpdateResourceDLink',
        method: 'PUT',
        path: path(id, '/dlink'),
        body: JSON.stringify(link),
      }),
    deleteResourceDLink: (id) =>
      send({ action: 'DeleteResourceDLink', method: 'DELETE', path: path(id, '/dlink') }),
  };
}
