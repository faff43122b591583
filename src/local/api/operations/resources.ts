import { apiTime } from '../../clock.ts';
import type { ApiContext, Call } from '../context.ts';
import { resourceOf, resourceReply, servicesIn } from '../resource-reply.ts';
import { serviceReply } from '../service-reply.ts';
import { readLink } from './direct-link.ts';

/** openapi.md ListResources. */
export function listResources(context: ApiContext, call: Call) {
  const { query } = call;
  query.refuse(['Sort', 'Order']);
  const page = query.page();
  const type = query.oneOf('ResourceType', ['Dedicated', 'SelfManaged']);
  const [id, name, status] = ['ResourceId', 'ResourceName', 'ResourceStatus'].map((each) => query.text(each));
  const isOurs =
    type !== 'SelfManaged' &&
    (status ?? 'ResourceReady') === 'ResourceReady' &&
    (query.text('UsageMode') ?? 'inference') === 'inference';
  const found = isOurs
    ? context.resources
        .list()
        .filter((group) => (id ?? group.id) === group.id && (name ?? group.name) === group.name)
    : [];
  return {
    Resources: found.slice(page.offset, page.offset + page.size).map((group) => ({
      ...resourceReply(context, group),
      ServiceCount: servicesIn(context, group).length,
      ExtraData: extraData(context, group.id),
    })),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: found.length,
  };
}

/** openapi.md DescribeResource: ServiceCount and ExtraData are texts here, unlike in lists. */
export function describeResource(context: ApiContext, call: Call) {
  const group = resourceOf(context, call);
  return {
    ...resourceReply(context, group),
    OwnerUid: context.uid,
    ServiceCount: String(servicesIn(context, group).length),
    ExtraData: JSON.stringify(extraData(context, group.id)),
  };
}

/** openapi.md ListResourceInstances. */
export function listResourceInstances(context: ApiContext, call: Call) {
  const { query } = call;
  query.refuse(['ChargeType', 'Filter', 'InstanceIP', 'Label', 'Order', 'Sort', 'Zone']);
  const group = resourceOf(context, call);
  const page = query.page();
  const [name, id] = [query.text('InstanceName'), query.text('InstanceId')];
  const status = query.text('InstanceStatus') ?? 'Ready';
  const found = group.machines.filter(
    (machine) => status === 'Ready' && [name, id].every((each) => (each ?? machine.name) === machine.name),
  );
  return {
    Instances: found.slice(page.offset, page.offset + page.size).map((machine) => {
      const used = context.resources.used(group.id, machine.name);
      return {
        InstanceId: machine.name,
        InstanceName: machine.name,
        InstanceIp: '127.0.0.1',
        InstanceStatus: 'Ready',
        InstancePhase: 'succeeded',
        InstanceType: machine.type,
        InstanceCpuCount: machine.cpu,
        InstanceUsedCpu: used.cpu,
        InstanceGpuCount: machine.gpu,
        InstanceUsedGpu: used.gpu,
        InstanceMemory: `${machine.memoryMb}M`,
        InstanceUsedMemory: `${used.memoryMb}M`,
        ChargeType: 'PostPaid',
        CreateTime: apiTime(group.since),
        Region: context.region,
        ResourceId: group.id,
        Labels: [],
      };
    }),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: found.length,
  };
}

/** openapi.md ListResourceServices. */
export function listResourceServices(context: ApiContext, call: Call) {
  const names = servicesIn(context, resourceOf(context, call));
  const page = call.query.page();
  return {
    Services: names.slice(page.offset, page.offset + page.size).flatMap((name) => {
      const row = context.state.services.byName(name);
      return row ? [serviceReply(context, row)] : [];
    }),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: names.length,
  };
}

/** What `resource desc` prints of the network (openapi.md DescribeResource). */
function extraData({ state }: ApiContext, id: string): Record<string, unknown> {
  const link = readLink(state, id);
  return {
    vpc_id: '',
    role_arn: '',
    vswitch_id: link?.VSwitchId ?? '',
    security_group_id: link?.SecurityGroupId ?? '',
    destination_cidr: link?.DestinationCIDRs ?? '',
    aux_vswitch_id_list: link?.VSwitchIdList ?? [],
  };
}
