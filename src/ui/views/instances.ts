import type { Instance } from '../../core/service/model.ts';
import { headedTable } from '../tables.ts';
import { localTime } from '../times.ts';
import { requestIdLine, type View } from '../view.ts';

interface Column {
  title: string;
  value(instance: Instance): string;
  /** A column of the newer tool: shown when some instance has a value. */
  isLater?: boolean;
}

const columns: Column[] = [
  { title: 'InstanceName', value: (instance) => instance.InstanceName ?? '', isLater: true },
  { title: 'InnerIP', value: (instance) => instance.InnerIP ?? '' },
  { title: 'HostIP', value: (instance) => instance.HostIP ?? '' },
  { title: 'StartAt', value: (instance) => localTime(instance.StartTime ?? instance.StartAt) },
  { title: 'Restarts', value: (instance) => String(instance.RestartCount ?? 0) },
  { title: 'Status', value: (instance) => instance.Status },
  { title: 'Ready', value: (instance) => `[${instance.ReadyProcesses}/${instance.TotalProcesses}]` },
  { title: 'Reason', value: (instance) => instance.Reason ?? '' },
  { title: 'LastState', value: lastState, isLater: true },
];

/** The tool shows one state as compact JSON with sorted keys, although the API field is an array (eascmd.md 2.9). */
function lastState(instance: Instance): string {
  const state = instance.LastState?.[0];
  return state ? JSON.stringify(Object.fromEntries(Object.entries(state).sort())) : '';
}

/** `w`: eascmd.md 2.9. */
export function instanceListView(reply: { RequestId: string; Instances: Instance[] }): View {
  return {
    text: () => {
      const shown = columns.filter(
        (column) => !column.isLater || reply.Instances.some((instance) => column.value(instance) !== ''),
      );
      return [
        ...requestIdLine(reply.RequestId),
        ...headedTable(
          shown.map((column) => column.title),
          reply.Instances.map((instance) => shown.map((column) => column.value(instance))),
        ),
      ];
    },
    json: () => reply,
  };
}
