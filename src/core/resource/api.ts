import type { Acknowledgement, Page } from '../service/model.ts';

/** A resource group, as lists have it (openapi.md section 3). */
export interface Resource {
  ResourceId: string;
  ResourceName?: string;
  ClusterId: string;
  Status: string;
  InstanceCount?: number;
  CpuCount?: number;
  GpuCount?: number;
  CreateTime?: string;
}

export interface ResourceDetail extends Resource {
  RequestId: string;
  OwnerUid?: string;
  Message?: string;
  /** A JSON document as text: vpc_id, vswitch_id, security_group_id, destination_cidr, aux_vswitch_id_list, role_arn. */
  ExtraData?: string;
}

export interface ResourceInstance {
  InstanceName: string;
  InstanceIp?: string;
  InstanceStatus: string;
  InstanceCpuCount?: number;
  InstanceUsedCpu?: number;
  InstanceGpuCount?: number;
  InstanceUsedGpu?: number;
  /** With its unit, such as `62240M`. */
  InstanceMemory?: string;
  InstanceUsedMemory?: string;
  CreateTime?: string;
  InstanceType?: string;
  ChargeType?: string;
}

/** Body of UpdateResourceDLink. */
export interface DirectLink {
  VSwitchId: string;
  SecurityGroupId: string;
  VSwitchIdList?: string[];
  DestinationCIDRs?: string;
}

/** openapi.md section 7. */
export interface ResourceApi {
  listResources(query: { pageNumber: number; pageSize: number }): Promise<Page & { Resources: Resource[] }>;
  describeResource(id: string): Promise<ResourceDetail>;
  listResourceInstances(
    id: string,
    query: { pageNumber: number; pageSize: number },
  ): Promise<Page & { Instances: ResourceInstance[] }>;
  /** Enables the direct connection, or changes it. */
  updateResourceDLink(id: string, link: DirectLink): Promise<Acknowledgement>;
  deleteResourceDLink(id: string): Promise<Acknowledgement>;
}
