import type { Autoscaler, Cronscaler } from '../../core/scaling/api.ts';
import { headedTable, keyValueTable } from '../tables.ts';
import { localTime } from '../times.ts';
import type { View } from '../view.ts';

/** `autoscale <service>`: no sample of it exists (eascmd.md 2.17); laid out like `desc`. */
export function autoscalerView(autoscaler: Autoscaler): View {
  const strategies = autoscaler.ScaleStrategies ?? [];
  const metrics = autoscaler.CurrentMetrics ?? [];
  const measured = (name: string, service?: string) =>
    metrics.find((metric) => metric.metricName === name && metric.service === service)?.value;
  return {
    text: () =>
      keyValueTable([
        ['ServiceName', autoscaler.ServiceName],
        ['MinReplica', String(autoscaler.MinReplica)],
        ['MaxReplica', String(autoscaler.MaxReplica)],
        ...strategies.map(({ metricName, threshold, service }) => {
          const now = measured(metricName, service);
          const other = service && service !== autoscaler.ServiceName ? ` of ${service}` : '';
          return [metricName, `threshold ${threshold}${other}${now === undefined ? '' : `, now ${now}`}`];
        }),
        ...behaviorRows(autoscaler.Behavior ?? {}),
      ]),
    json: () => autoscaler,
  };
}

function behaviorRows(behavior: object, prefix = ''): string[][] {
  return Object.entries(behavior).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? behaviorRows(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, String(value)]],
  );
}

/** `cronscale <service>`: one row for each job. */
export function cronscalerView(cronscaler: Cronscaler): View {
  const excluded = cronscaler.ExcludeDates ?? [];
  return {
    text: () => [
      ...headedTable(
        ['Name', 'Schedule', 'TargetSize', 'State', 'LastProbeTime', 'Message'],
        cronscaler.ScaleJobs.map((job) => [
          job.Name,
          job.Schedule,
          String(job.TargetSize),
          job.State ?? '',
          localTime(job.LastProbeTime),
          job.Message ?? '',
        ]),
      ),
      ...(excluded.length > 0 ? [`ExcludeDates: ${excluded.join('; ')}`] : []),
    ],
    json: () => cronscaler,
  };
}
