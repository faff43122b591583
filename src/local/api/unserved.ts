import { ApiError } from './error.ts';

/**
 * Operations of the EAS API that Local EAS does not answer (openapi.md sections 4 to 10), so that a caller is told
 * which one it was and not that the path is unknown. docs/local-eas.md says why.
 */
const unserved = `
UpdateServiceInstance PUT services/{ClusterId}/{ServiceName}/instances/{InstanceName}
ListServiceContainers GET services/{ClusterId}/{ServiceName}/instances/{InstanceName}/containers
DescribeServiceDiagnosis GET services/{ClusterId}/{ServiceName}/diagnosis
DescribeServiceInstanceDiagnosis GET services/{ClusterId}/{ServiceName}/instances/{InstanceName}/diagnosis
DevelopService PUT services/{ClusterId}/{ServiceName}/develop
CommitService PUT services/{ClusterId}/{ServiceName}/commit
CreateServiceMirror POST services/{ClusterId}/{ServiceName}/mirror
UpdateServiceMirror PUT services/{ClusterId}/{ServiceName}/mirror
DescribeServiceMirror GET services/{ClusterId}/{ServiceName}/mirror
DeleteServiceMirror DELETE services/{ClusterId}/{ServiceName}/mirror
CreateServiceRollout POST services/{ClusterId}/{ServiceName}/rollout
UpdateServiceRollout PUT services/{ClusterId}/{ServiceName}/rollout
DescribeServiceRollout GET services/{ClusterId}/{ServiceName}/rollout
DeleteServiceRollout DELETE services/{ClusterId}/{ServiceName}/rollout
DescribeServiceSignedUrl GET services/{ClusterId}/{ServiceName}/signed_url
CreateResource POST resources
UpdateResource PUT resources/{ClusterId}/{ResourceId}
DeleteResource DELETE resources/{ClusterId}/{ResourceId}
CreateResourceInstances POST resources/{ClusterId}/{ResourceId}/instances
DeleteResourceInstances DELETE resources/{ClusterId}/{ResourceId}/instances
UpdateResourceInstance PUT resources/{ClusterId}/{ResourceId}/instances/{InstanceId}
MigrateResourceInstance POST resources/{ClusterId}/{ResourceId}/instances/migrate
UpdateResourceInstanceLabel PUT resources/{ClusterId}/{ResourceId}/label
DeleteResourceInstanceLabel DELETE resources/{ClusterId}/{ResourceId}/label
CreateResourceLog POST resources/{ClusterId}/{ResourceId}/log
DescribeResourceLog GET resources/{ClusterId}/{ResourceId}/log
DeleteResourceLog DELETE resources/{ClusterId}/{ResourceId}/log
ListGateway GET gateways
DescribeGateway GET gateways/{ClusterId}/{GatewayId}
CreateGateway POST gateways
UpdateGateway PUT gateways/{ClusterId}/{GatewayId}
DeleteGateway DELETE gateways/{ClusterId}/{GatewayId}
ListGatewayDomains GET gateways/{ClusterId}/{GatewayId}/domains
ListGatewayIntranetLinkedVpc GET gateways/{ClusterId}/{GatewayId}/intranet_endpoint_linked_vpc
ListGroups GET groups
DescribeGroup GET groups/{ClusterId}/{GroupName}
CreateGroup POST groups
UpdateGroup PUT groups/{ClusterId}/{GroupName}
DeleteGroup DELETE groups/{ClusterId}/{GroupName}
DescribeGroupEndpoints GET groups/{ClusterId}/{GroupName}/endpoints
DescribeMachineSpec GET public/instance_types
DescribeSpotDiscountHistory GET public/spot_discount
ListVirtualResource GET virtualresources
DescribeVirtualResource GET virtualresources/{ClusterId}/{VirtualResourceId}
AttachGatewayDomain PUT gateways/{ClusterId}/{GatewayId}/domain/attach
CreateAclPolicy POST gateways/{ClusterId}/{GatewayId}/acl_policy
CreateAppService POST app_services
CreateConfig POST configs/{ClusterId}/{ConfigType}/{Name}/{ConfigKey}
CreateFaultInjection POST services/{ClusterId}/{ServiceName}/instances/{InstanceName}/faults
CreateGatewayIntranetLinkedVpc POST gateways/{ClusterId}/{GatewayId}/intranet_endpoint_linked_vpc
CreateGatewayIntranetLinkedVpcPeer POST gateways/{ClusterId}/{GatewayId}/intranet_endpoint_linked_vpc_peer
CreateServiceInstanceToken GET services/{ClusterId}/{ServiceName}/instances/{InstanceName}/token
CreateVirtualResource POST virtualresources
DeleteAclPolicy DELETE gateways/{ClusterId}/{GatewayId}/acl_policy
DeleteConfig DELETE configs/{ClusterId}/{ConfigType}/{Name}/{ConfigKey}
DeleteFaultInjection DELETE services/{ClusterId}/{ServiceName}/instances/{InstanceName}/faults/{FaultType}
DeleteGatewayIntranetLinkedVpc DELETE gateways/{ClusterId}/{GatewayId}/intranet_endpoint_linked_vpc
DeleteGatewayIntranetLinkedVpcPeer DELETE gateways/{ClusterId}/{GatewayId}/intranet_endpoint_linked_vpc_peer
DeleteGatewayLabel DELETE gateways/{ClusterId}/{GatewayId}/label
DeleteVirtualResource DELETE virtualresources/{ClusterId}/{VirtualResourceId}
DescribeArtifact GET artifacts/{ClusterId}/{ArtifactName}
DetachGatewayDomain PUT gateways/{ClusterId}/{GatewayId}/domain/detach
ListAclPolicy GET gateways/{ClusterId}/{GatewayId}/acl_policy
ListConfigs GET configs/{ClusterId}/{ConfigType}/{Name}
ListGatewayIntranetLinkedVpcPeer GET gateways/{ClusterId}/{GatewayId}/intranet_endpoint_linked_vpc_peer
ListGatewayIntranetSupportedZone GET gateways/{ClusterId}/{GatewayId}/intranet_supported_zone
ListServiceInstanceFaultInjectionInfo GET services/{ClusterId}/{ServiceName}/instances/{InstanceName}/faults
ListTenantAddons GET tenantaddons
ReinstallTenantAddon PUT tenantaddons/{ClusterId}/{TenantAddonName}/reinstall
UpdateAppService PUT app_services/{ClusterId}/{ServiceName}
UpdateConfig PUT configs/{ClusterId}/{ConfigType}/{Name}/{ConfigKey}
UpdateGatewayLabel PUT gateways/{ClusterId}/{GatewayId}/label
UpdateVirtualResource PUT virtualresources/{ClusterId}/{VirtualResourceId}
`;

export const unservedOperations = unserved
  .trim()
  .split('\n')
  .map((line) => {
    const [name, method, path] = line.split(' ') as [string, string, string];
    return {
      name,
      method,
      path: `/api/v2/${path}`,
      handle: (): never => {
        throw new ApiError(
          501,
          'UnsupportedOperation',
          `Local EAS does not serve ${name}; docs/local-eas.md lists what it serves. Use the cloud service for this`,
        );
      },
    };
  });
