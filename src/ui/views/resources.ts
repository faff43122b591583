import type { ResourceDetail, ResourceInstance } from '../../core/resource/api.ts';
import { headedTable, keyValueTable } from '../tables.ts';
import { localTime } from '../times.ts';
import type { View } from '../view.ts';

const LIST_HEADER = [
  'ResourceName',
  'ClusterId',
  'InstanceCount',
  'GpuCount',
  'CpuCount',
  'OwnerUid',
  'CreateTime',
  'Status',
];

/** `resource ls`: eascmd.md 2.11; the name column shows the id. */
export function resourceListView(resources: ResourceDetail[]): View {
  return {
    text: () =>
      headedTable(
        LIST_HEADER,
        resources.map((resource) => [
          resource.ResourceId,
          resource.ClusterId,
          count(resource.InstanceCount),
          count(resource.GpuCount),
          count(resource.CpuCount),
          resource.OwnerUid ?? '',
          localTime(resource.CreateTime),
          resource.Status,
        ]),
      ),
    json: () => ({ Resources: resources }),
  };
}

/** `resource desc`: eascmd.md 2.12; the group's label stands on its first row. */
export function resourceView(resource: ResourceDetail): View {
  return {
    text: () => {
      const extra = extraOf(resource);
      const switches = Array.isArray(extra.aux_vswitch_id_list) ? extra.aux_vswitch_id_list : [];
      const text = (name: string) => String(extra[name] ?? '');
      return keyValueTable([
        ['Basic', 'ResourceName', resource.ResourceId],
        ['', 'Region', resource.ClusterId],
        ['', 'CpuCount', count(resource.CpuCount)],
        ['', 'GpuCount', count(resource.GpuCount)],
        ['', 'instanceCount', count(resource.InstanceCount)],
        ['', 'CreateTime', localTime(resource.CreateTime)],
        ['', 'LastStatus', resource.Status],
        ['', 'Message', resource.Message ?? ''],
        ['', 'RoleArn', text('role_arn')],
        ['Network', 'VpcId', text('vpc_id')],
        ['', 'VSwitchId', text('vswitch_id')],
        ['', 'SecurityGroupId', text('security_group_id')],
        ['', 'DestinationCIDR', text('destination_cidr')],
        ['', 'AuxVSwitchList', `[${switches.join(' ')}]`],
      ]);
    },
    json: () => resource,
  };
}

const INSTANCE_HEADER = [
  'InstanceName',
  'InstanceIP',
  'Status',
  'Total/Used CPU',
  'Total/Used GPU',
  'Total/Used Memory',
  'CreateTime',
  'InstanceType',
  'ChargeType',
];

/** `resource li`: eascmd.md 2.13. */
export function resourceInstanceListView(instances: ResourceInstance[]): View {
  return {
    text: () =>
      headedTable(
        INSTANCE_HEADER,
        instances.map((instance) => [
          instance.InstanceName,
          instance.InstanceIp ?? '',
          instance.InstanceStatus,
          `${count(instance.InstanceCpuCount)}/${count(instance.InstanceUsedCpu)}`,
          `${count(instance.InstanceGpuCount)}/${count(instance.InstanceUsedGpu)}`,
          `${instance.InstanceMemory ?? '0M'}/${instance.InstanceUsedMemory ?? '0M'}`,
          localTime(instance.CreateTime),
          instance.InstanceType ?? '',
          instance.ChargeType ?? '',
        ]),
      ),
    json: () => ({ Instances: instances }),
  };
}

const count = (value: number | undefined) => String(value ?? 0);

/** DescribeResource has it as text (openapi.md, spelling traps). */
function extraOf({ ExtraData: text }: ResourceDetail): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
