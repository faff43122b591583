import type { Shape } from './shapes.ts';
import { acknowledged, page, type Step } from './step.ts';

const task = (rest = '') => `/api/v2/benchmark-tasks/local/{task}${rest}`;

/** openapi.md ListBenchmarkTask. */
const taskShape: Shape = {
  AvailableAgent: 'number',
  CreateTime: 'string',
  Message: 'string',
  Region: 'string',
  ServiceName: 'string',
  Status: 'string',
  TaskId: 'string',
  TaskName: 'string',
  UpdateTime: 'string',
};

/** openapi.md DescribeBenchmarkTask, and the document that `bench desc` prints (eascmd.md 2.14). */
const describedShape: Shape = {
  AvailableAgent: 'number',
  CallerUid: 'string',
  Config: 'string',
  DesiredAgent: 'number',
  Endpoint: 'string',
  Message: 'string',
  ParentUid: 'string',
  Reason: 'string',
  ServiceName: 'string',
  Status: 'string',
  TaskId: 'string',
  TaskName: 'string',
  Token: 'string',
};

/** Keys of `Data`: openapi.md DescribeBenchmarkTaskReport. */
export const rawReportShape: Shape = {
  TimestampList: 'array',
  QPSList: 'array',
  RTList: 'array',
  TrafficList: 'array',
  StatusCode: 'object',
  Count: 'number',
  Total: 'number',
  MinRT: 'number',
  AvgRT: 'number',
  MaxRT: 'number',
  QPS: 'number',
  TotalSend: 'number',
  TotalReceive: 'number',
  RTDistribution: 'array',
  RTHistogram: 'array',
};

/** The life of one task, on the service that the other steps made. */
export const benchmarkSteps: Step[] = [
  {
    operation: 'CreateBenchmarkTask',
    method: 'POST',
    path: '/api/v2/benchmark-tasks',
    body: ({ service }) => ({
      service: { serviceName: service },
      data: { content: Buffer.from('数据').toString('base64') },
      http: { headers: ['X-Test: é'], timeout: 5000 },
      optional: { mode: 'manual', duration: 300, concurrency: 1 },
    }),
    reply: { Message: 'string', Region: 'string', TaskName: 'string' },
    message: ({ task: name }) => `Benchmark task [${name}] is Creating`,
    taskReaches: 'Running',
  },
  {
    operation: 'ListBenchmarkTask',
    method: 'GET',
    path: '/api/v2/benchmark-tasks',
    query: { Filter: ({ service }) => service, PageNumber: '1', PageSize: '10', Status: 'Running' },
    reply: { ...page, Tasks: 'array' },
    members: { of: 'Tasks', shape: taskShape },
  },
  { operation: 'DescribeBenchmarkTask', method: 'GET', path: task(), reply: describedShape },
  {
    operation: 'UpdateBenchmarkTask',
    method: 'PUT',
    path: task(),
    body: () => ({ optional: { concurrency: 2, agentCount: 2 } }),
    reply: acknowledged,
    message: ({ task: name }) => `Benchmark task [${name}] is Updating`,
    taskReaches: 'Running',
  },
  {
    operation: 'DescribeBenchmarkTaskReport',
    method: 'GET',
    path: task('/report'),
    query: { ReportType: 'RAW' },
    reply: { Data: 'object' },
    inner: { of: 'Data', shape: rawReportShape },
  },
  {
    operation: 'StopBenchmarkTask',
    method: 'PUT',
    path: task('/stop'),
    reply: acknowledged,
    message: ({ task: name }) => `Benchmark task [${name}] is Stopping`,
    taskReaches: 'Stopped',
  },
  {
    operation: 'DescribeBenchmarkTaskReport',
    method: 'GET',
    path: task('/report'),
    query: { ReportType: 'Report' },
    reply: { ReportUrl: 'string' },
  },
  {
    operation: 'StartBenchmarkTask',
    method: 'PUT',
    path: task('/start'),
    reply: acknowledged,
    message: ({ task: name }) => `Benchmark task [${name}] is Starting`,
    taskReaches: 'Running',
  },
  {
    operation: 'DeleteBenchmarkTask',
    method: 'DELETE',
    path: task(),
    reply: acknowledged,
    message: ({ task: name }) => `Benchmark task [${name}] is Deleting`,
    taskReaches: 'gone',
  },
];
