import { withKnownNames } from '../../../core/benchmark/fields.ts';
import { hasEnded } from '../../../core/benchmark/states.ts';
import { readSettings, storedConfig, updatedConfig } from '../../benchmark/settings.ts';
import { newTaskName } from '../../benchmark/tasks.ts';
import { apiTime } from '../../clock.ts';
import { addressOf } from '../../release/pair.ts';
import { newBenchmarkId } from '../../service/names.ts';
import type { Config } from '../../service/spec.ts';
import type { BenchmarkQuery } from '../../state/benchmarks.ts';
import { configOf, reportPath, taskOf, taskReply } from '../benchmark-reply.ts';
import type { ApiContext, Call } from '../context.ts';
import { ApiError } from '../error.ts';

/** openapi.md CreateBenchmarkTask; the body is the whole benchmark JSON. */
export function createBenchmarkTask(context: ApiContext, call: Call) {
  const sent = withKnownNames(call.json());
  const settings = readSettings(sent);
  const { state, region, benchmarks } = context;
  if (!context.state.services.byName(settings.service))
    throw new ApiError(
      404,
      'InvalidService.NotFound',
      `Service [${settings.service}] in region [${region}] is not found`,
    );
  const name = settings.name ?? newTaskName(settings.service);
  if (!/^[a-z0-9][\w-]{0,127}$/i.test(name))
    throw new ApiError(400, 'InvalidParameter', 'base.name takes letters, digits, - and _');
  state.transaction(() => {
    if (state.benchmarks.byName(name))
      throw new ApiError(
        409,
        'BenchmarkTaskAlreadyExists',
        `Benchmark task [${name}] in region [${region}] already exists`,
      );
    state.benchmarks.insert({
      id: newBenchmarkId(),
      name,
      service: settings.service,
      status: 'Creating',
      message: 'Benchmark task is Creating',
      reason: '',
      config: JSON.stringify(storedConfig(sent, settings)),
      run: 1,
      agents: settings.agents,
      report: null,
      created_at: apiTime(),
      updated_at: apiTime(),
      ended_at: null,
    });
  });
  benchmarks.launch(name, settings);
  return { Message: `Benchmark task [${name}] is Creating`, Region: region, TaskName: name };
}

const sortColumns = {
  CreateTime: 'created_at',
  UpdateTime: 'updated_at',
  TaskName: 'name',
  Status: 'status',
} as const satisfies Record<string, BenchmarkQuery['sort']>;

/** openapi.md ListBenchmarkTask: newest first unless asked otherwise. */
export function listBenchmarkTask(context: ApiContext, call: Call) {
  const { query } = call;
  query.refuse(['ModelId', 'RequestMethod']);
  const page = query.page();
  const sort = query.oneOf('Sort', Object.keys(sortColumns) as (keyof typeof sortColumns)[]) ?? 'CreateTime';
  const { rows, total } = context.state.benchmarks.list({
    filter: query.text('Filter'),
    service: query.text('ServiceName'),
    status: query.text('Status'),
    sort: sortColumns[sort],
    order: query.oneOf('Order', ['asc', 'desc']) ?? 'desc',
    limit: page.size,
    offset: page.offset,
  });
  return {
    Tasks: rows.map((row) => taskReply(context, row)),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: total,
  };
}

/** openapi.md DescribeBenchmarkTask. */
export function describeBenchmarkTask(context: ApiContext, call: Call) {
  const row = taskOf(context, call);
  const { CreateTime: _c, UpdateTime: _u, Region: _r, ...listed } = taskReply(context, row);
  const service = context.state.services.byName(row.service);
  const address = service && addressOf(context.state, service);
  const { requestToken } = readSettings(JSON.parse(row.config) as Config);
  return {
    ...listed,
    DesiredAgent: row.agents,
    Reason: row.reason,
    CallerUid: context.uid,
    ParentUid: context.uid,
    Endpoint: address ? `${context.apiUrl}/api/predict/${address.path}` : '',
    Token: requestToken ?? address?.token ?? '',
    ...configOf(row),
  };
}

/** openapi.md UpdateBenchmarkTask: only while it runs, and in mode manual, where the pressure is the user's. */
export function updateBenchmarkTask(context: ApiContext, call: Call) {
  const row = taskOf(context, call);
  const config = JSON.parse(row.config) as Config;
  const changed = updatedConfig(config, withKnownNames(call.json()));
  const before = readSettings(config);
  const settings = readSettings(changed);
  if (before.mode !== 'manual')
    throw new ApiError(
      400,
      'InvalidBenchmarkTask.Mode',
      `Benchmark task [${row.name}] is in mode ${before.mode}; only one in mode manual can be updated`,
    );
  if (before.requests !== undefined && before.agents !== settings.agents)
    throw new ApiError(400, 'InvalidParameter', 'agentCount is fixed in a task with base.requestCount');
  if (row.status !== 'Running' || !context.benchmarks.takesUpdates(row.name))
    throw wrongStatus(row, 'it can be updated while it is Running');
  context.state.benchmarks.change(row.name, {
    config: JSON.stringify(storedConfig(changed, settings)),
    agents: settings.agents,
  });
  context.benchmarks.update(row.name, settings);
  return { Message: `Benchmark task [${row.name}] is Updating` };
}

/** openapi.md StartBenchmarkTask: another run; of one that goes on nothing happens. */
export function startBenchmarkTask(context: ApiContext, call: Call) {
  const row = taskOf(context, call);
  if (hasEnded(row.status) && !context.benchmarks.isBusy(row.name)) {
    const settings = readSettings(JSON.parse(row.config) as Config);
    context.state.benchmarks.change(row.name, {
      status: 'Starting',
      message: 'Benchmark task is Starting',
      reason: '',
      run: row.run + 1,
      report: null,
      ended_at: null,
    });
    context.benchmarks.launch(row.name, settings);
  } else if (!['Creating', 'Starting', 'Running', 'Updating'].includes(row.status))
    throw wrongStatus(row, 'it can be started when it is Stopped');
  return { Message: `Benchmark task [${row.name}] is Starting` };
}

/** openapi.md StopBenchmarkTask. */
export function stopBenchmarkTask(context: ApiContext, call: Call) {
  const row = taskOf(context, call);
  if (!hasEnded(row.status) && row.status !== 'Deleting') {
    if (context.benchmarks.isBusy(row.name)) {
      context.state.benchmarks.change(row.name, { status: 'Stopping' });
      void context.benchmarks.stop(row.name);
    } else context.benchmarks.settle(row.name);
  }
  return { Message: `Benchmark task [${row.name}] is Stopping` };
}

/** openapi.md DeleteBenchmarkTask. */
export function deleteBenchmarkTask(context: ApiContext, call: Call) {
  const row = taskOf(context, call);
  context.state.benchmarks.change(row.name, { status: 'Deleting', message: 'Benchmark task is Deleting' });
  void context.benchmarks.remove(row.name);
  return { Message: `Benchmark task [${row.name}] is Deleting` };
}

/** openapi.md DescribeBenchmarkTaskReport: the numbers at any time, the page when the test is over. */
export function describeBenchmarkTaskReport(context: ApiContext, call: Call) {
  const row = taskOf(context, call);
  const type = call.query.oneOf('ReportType', ['RAW', 'Report']) ?? 'Report';
  if (type === 'RAW') return { Data: context.benchmarks.report(row.name) };
  if (row.status !== 'Stopped') throw wrongStatus(row, 'its report is there when it is Stopped');
  return { ReportUrl: `${context.apiUrl}${reportPath(row.name, row.run)}` };
}

function wrongStatus({ name, status }: { name: string; status: string }, rule: string): ApiError {
  return new ApiError(409, 'InvalidBenchmarkTask.Status', `Benchmark task [${name}] is ${status}; ${rule}`);
}
