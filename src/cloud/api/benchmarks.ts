import type { BenchmarkApi } from '../../core/benchmark/api.ts';
import type { ApiCaller, Call } from './caller.ts';
import { deleteOnce } from './deletion.ts';
import { encode } from './path.ts';

const ALL = '/api/v2/benchmark-tasks';

/** openapi.md section 6. */
export function benchmarkOperations(caller: ApiCaller, region: string): BenchmarkApi {
  const path = (task: string, rest = '') => `${ALL}/${encode(region)}/${encode(task)}${rest}`;
  const send = async <T>(call: Omit<Call, 'isRepeatable'>, isRepeatable = true): Promise<T> =>
    (await caller.call({ ...call, isRepeatable })) as T;
  return {
    createBenchmarkTask: (document) =>
      send(
        { action: 'CreateBenchmarkTask', method: 'POST', path: ALL, body: JSON.stringify(document) },
        false,
      ),
    listBenchmarkTasks: ({ pageNumber, pageSize, filter }) =>
      send({
        action: 'ListBenchmarkTask',
        method: 'GET',
        path: ALL,
        query: { Filter: filter, PageNumber: pageNumber, PageSize: pageSize },
      }),
    describeBenchmarkTask: (task) =>
      send({ action: 'DescribeBenchmarkTask', method: 'GET', path: path(task) }),
    updateBenchmarkTask: (task, change) =>
      send({
        action: 'UpdateBenchmarkTask',
        method: 'PUT',
        path: path(task),
        body: JSON.stringify(change),
      }),
    startBenchmarkTask: (task) =>
      send({ action: 'StartBenchmarkTask', method: 'PUT', path: path(task, '/start') }),
    stopBenchmarkTask: (task) =>
      send({ action: 'StopBenchmarkTask', method: 'PUT', path: path(task, '/stop') }),
    deleteBenchmarkTask: (task) =>
      deleteOnce(
        caller,
        { action: 'DeleteBenchmarkTask', path: path(task) },
        { isGone: ({ status }) => status === 404, message: `Benchmark task [${task}] is Deleting` },
      ),
    describeBenchmarkTaskReport: (task, type) =>
      send({
        action: 'DescribeBenchmarkTaskReport',
        method: 'GET',
        path: path(task, '/report'),
        query: { ReportType: type },
      }),
  };
}
