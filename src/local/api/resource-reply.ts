import { apiTime } from '../clock.ts';
import type { Group } from '../resources/file.ts';
import type { Machine } from '../resources/machine.ts';
import { type ApiContext, type Call, regionOf } from './context.ts';
import { ApiError } from './error.ts';

/** The group a path names, or `InvalidResource.NotFound`. */
export function resourceOf(context: ApiContext, call: Call): Group {
  regionOf(context, call);
  const { ResourceId: id = '' } = call.params;
  const group = context.resources.find(id);
  if (!group)
    throw new ApiError(
      404,
      'InvalidResource.NotFound',
      `Resource [${id}] in region [${context.region}] is not found`,
    );
  return group;
}

/** A Resource object as lists and DescribeResource share it (openapi.md section 3). */
export function resourceReply({ resources, region }: ApiContext, group: Group): Record<string, unknown> {
  const used = resources.used(group.id);
  const sum = (of: (machine: Machine) => number) =>
    group.machines.reduce((total, machine) => total + of(machine), 0);
  const most = (of: (machine: Machine) => number) => Math.max(...group.machines.map(of));
  const at = apiTime(group.since);
  return {
    ResourceId: group.id,
    ResourceName: group.name,
    ClusterId: region,
    ResourceType: 'Dedicated',
    UsageMode: 'inference',
    Status: 'ResourceReady',
    Message: 'Resource is ready',
    InstanceCount: group.machines.length,
    PostPaidInstanceCount: group.machines.length,
    PrePaidInstanceCount: 0,
    CpuCount: sum(({ cpu }) => cpu),
    CpuUsed: Math.ceil(used.cpu),
    GpuCount: sum(({ gpu }) => gpu),
    GpuUsed: used.gpu,
    Memory: sum(({ memoryMb }) => memoryMb),
    MemoryUsed: used.memoryMb,
    InstanceMaxAllocatableCPU: most(({ cpu }) => cpu),
    InstanceMaxAllocatableGPU: most(({ gpu }) => gpu),
    InstanceMaxAllocatableMemory: most(({ memoryMb }) => memoryMb),
    Features: [],
    CreateTime: at,
    UpdateTime: at,
  };
}

/** Services with instances in the group. */
export function servicesIn({ resources }: ApiContext, group: Group): string[] {
  return [...new Set(resources.held(group.id).map(({ service }) => service))].sort();
}
