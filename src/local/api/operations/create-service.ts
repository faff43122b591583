import { apiTime } from '../../clock.ts';
import { openEntrance, partnerFor, twinName } from '../../release/pair.ts';
import { autoscalerBody } from '../../scaling/from-config.ts';
import { imageName, newServiceId, newToken } from '../../service/names.ts';
import { readSpec } from '../../service/read.ts';
import type { Config, ServiceSpec } from '../../service/spec.ts';
import { isObject } from '../../service/values.ts';
import { isAssociated } from '../associated.ts';
import type { ApiContext, Call } from '../context.ts';
import { ApiError, invalid } from '../error.ts';
import { labelMap } from '../labels.ts';
import { endpointsOf } from '../service-reply.ts';

/** openapi.md CreateService; the body is the whole service JSON. An associated service gets a name of its own. */
export function createService(context: ApiContext, call: Call) {
  call.query.refuse(['Develop']);
  const sent = withRegion(call.json(), context.region);
  const isTwin = isAssociated(call.query);
  const config = isTwin ? renamed(sent, twinName(readSpec(sent).name)) : sent;
  const spec = readSpec(config);
  checkResource(context, spec);
  const autoscaler = autoscalerBody(config);
  const labels = { ...labelMap(config.labels, 'labels'), ...labelMap(call.query.json('Labels'), 'Labels') };
  const { state, region } = context;
  const id = newServiceId();
  const now = new Date();
  const text = JSON.stringify(config);
  state.transaction(() => {
    const partner = isTwin ? partnerFor(state, readSpec(sent).name, region) : undefined;
    if (state.services.byName(spec.name) || state.entrances.tokenOf(spec.name) !== undefined)
      throw new ApiError(
        409,
        'ServiceAlreadyExists',
        `Service [${spec.name}] in region [${region}] already exists`,
      );
    state.services.insert({
      id,
      name: spec.name,
      desired: 'running',
      status: 'Creating',
      message: 'Service is now creating',
      token: spec.token ?? newToken(),
      config: text,
      labels: JSON.stringify(labels),
      safety_lock: 'none',
      instances: spec.instances,
      current_version: 1,
      latest_version: 1,
      revision: 1,
      created_at: apiTime(now),
      updated_at: apiTime(now),
      entrance: partner ? openEntrance(state, partner) : null,
    });
    if (autoscaler !== undefined) state.scalers.put(id, 'auto', autoscaler);
    state.versions.insert({
      service_id: id,
      version: 1,
      config: text,
      image: imageName(spec.name, region, now),
      package_state: 'wanted',
      message: '',
      created_at: apiTime(now),
    });
  });
  context.lifecycle.wake(id);
  context.scaling.wake();
  context.forgetRoutes();
  return {
    ServiceId: id,
    ServiceName: spec.name,
    Region: region,
    Status: 'Creating',
    ...endpointsOf(context, state.services.byId(id)!),
  };
}

/** A group that is not there is told at once; one that is full makes the service wait. */
export function checkResource({ resources, region }: ApiContext, { resource }: ServiceSpec): void {
  if (resource !== undefined && !resources.find(resource))
    throw new ApiError(
      404,
      'InvalidResource.NotFound',
      `Resource [${resource}] in region [${region}] is not found (metadata.resource)`,
    );
}

/** The name stands at the top, whatever spelling was sent (eascmd.md 3.2). */
function renamed(config: Config, name: string): Config {
  if (!isObject(config.metadata) || config.metadata.name === undefined) return { ...config, name };
  return { ...config, name, metadata: { ...config.metadata, name } };
}

/** The service echoes metadata.region (eascmd.md 2.8). */
export function withRegion(config: Config, region: string): Config {
  if (config.metadata !== undefined && !isObject(config.metadata))
    throw invalid('metadata must be an object');
  return isObject(config.metadata) ? { ...config, metadata: { ...config.metadata, region } } : config;
}
