import { type CronSettings, readCronSettings } from '../../scaling/cron-settings.ts';
import { type ApiContext, type Call, changeableServiceOf, serviceOf } from '../context.ts';
import { ApiError } from '../error.ts';

/** openapi.md CreateServiceCronScaler. */
export function createServiceCronScaler(context: ApiContext, call: Call) {
  const name = store(context, call, (isSet, service) => {
    if (isSet)
      throw new ApiError(409, 'CronScalerAlreadyExists', `Service [${service}] has a cronscaler already`);
  });
  return { Message: `Create cron scaler for service [${name}] successfully` };
}

/** openapi.md UpdateServiceCronScaler. */
export function updateServiceCronScaler(context: ApiContext, call: Call) {
  const name = store(context, call, (isSet, service) => {
    if (!isSet) throw notSet(service);
  });
  return { Message: `Update cron scaler for service [${name}] successfully` };
}

/** openapi.md DescribeServiceCronScaler: the reply has no TimeZone. */
export function describeServiceCronScaler(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  const text = context.state.scalers.get(row.id, 'cron');
  if (text === undefined) throw notSet(row.name);
  const { ScaleJobs: jobs, ExcludeDates } = JSON.parse(text) as CronSettings;
  return { ServiceName: row.name, ExcludeDates, ScaleJobs: jobs.map(({ TimeZone: _zone, ...job }) => job) };
}

/** openapi.md DeleteServiceCronScaler. */
export function deleteServiceCronScaler(context: ApiContext, call: Call) {
  const row = changeableServiceOf(context, call);
  if (context.state.scalers.get(row.id, 'cron') === undefined) throw notSet(row.name);
  context.state.scalers.remove(row.id, 'cron');
  context.scaling.wake();
  return { Message: `Cronscaler for service [${row.name}] deleted successfully` };
}

function store(context: ApiContext, call: Call, check: (isSet: boolean, service: string) => void): string {
  const { state } = context;
  const settings = readCronSettings(call.json());
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    check(state.scalers.get(current.id, 'cron') !== undefined, current.name);
    state.scalers.put(current.id, 'cron', JSON.stringify(settings));
    return current;
  });
  context.scaling.wake();
  return row.name;
}

const notSet = (service: string) =>
  new ApiError(404, 'InvalidCronScaler.NotFound', `Service [${service}] has no cronscaler`);
