import type { State } from '../../state/state.ts';
import type { ApiContext, Call } from '../context.ts';
import { ApiError, invalid } from '../error.ts';
import { resourceOf } from '../resource-reply.ts';

interface Link {
  VSwitchId: string;
  SecurityGroupId: string;
  VSwitchIdList: string[];
  DestinationCIDRs: string;
}

/** openapi.md UpdateResourceDLink: enables and changes. Kept as data: there is no network to connect to here. */
export function updateResourceDLink(context: ApiContext, call: Call) {
  const group = resourceOf(context, call);
  const { VSwitchId, SecurityGroupId, VSwitchIdList = [], DestinationCIDRs = '' } = call.json();
  for (const [name, value] of Object.entries({ VSwitchId, SecurityGroupId })) {
    if (value === undefined || value === null || value === '')
      throw new ApiError(400, 'MissingParameter', `${name} is missing`);
    if (typeof value !== 'string') throw invalid(`${name} must be a text`);
  }
  if (!Array.isArray(VSwitchIdList) || VSwitchIdList.some((each) => typeof each !== 'string'))
    throw invalid('VSwitchIdList must be a list of texts');
  if (typeof DestinationCIDRs !== 'string') throw invalid('DestinationCIDRs must be a text');
  const link = { VSwitchId, SecurityGroupId, VSwitchIdList, DestinationCIDRs };
  context.state.links.put(group.id, JSON.stringify(link));
  return { Message: 'Network interfaces are updating' };
}

/** openapi.md DescribeResourceDLink: further switches come back under another name. */
export function describeResourceDLink(context: ApiContext, call: Call) {
  const link = readLink(context.state, resourceOf(context, call).id);
  return {
    VpcId: '',
    VSwitchId: link?.VSwitchId ?? '',
    SecurityGroupId: link?.SecurityGroupId ?? '',
    DestinationCIDRs: link?.DestinationCIDRs ?? '',
    AuxVSwitchList: link?.VSwitchIdList ?? [],
  };
}

/** openapi.md DeleteResourceDLink. */
export function deleteResourceDLink(context: ApiContext, call: Call) {
  context.state.links.remove(resourceOf(context, call).id);
  return { Message: 'Network interfaces are deleting' };
}

export function readLink(state: State, resourceId: string): Link | undefined {
  const text = state.links.get(resourceId);
  return text === undefined ? undefined : (JSON.parse(text) as Link);
}
