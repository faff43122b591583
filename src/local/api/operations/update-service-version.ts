import type { Config } from '../../service/spec.ts';
import { isObject } from '../../service/values.ts';
import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

/** openapi.md UpdateServiceVersion: back to, or forth from, any version but the current one. */
export function updateServiceVersion(context: ApiContext, call: Call) {
  const { state, region } = context;
  const { Version: version } = call.json();
  if (version === undefined || version === null)
    throw new ApiError(400, 'MissingParameter', 'Version is missing');
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw invalid(`Version must be a whole number of at least 1, not ${JSON.stringify(version)}`);
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    const target = state.versions.get(current.id, version);
    if (!target)
      throw invalid(
        `Version ${version} of service [${current.name}] does not exist: the latest is ${current.latest_version}`,
      );
    if (version === current.current_version)
      throw invalid(`Version ${version} is the current version of service [${current.name}]`);
    if (target.package_state === 'failed') state.versions.setPackage(current.id, version, 'wanted', '');
    const config = JSON.stringify(keepCount(JSON.parse(target.config) as Config, current.instances));
    const status =
      current.desired === 'running' ? { status: 'Updating', message: 'Service is now updating' } : {};
    state.services.change(current.id, { current_version: version, config, ...status }, true);
    state.versions.setConfig(current.id, version, config);
    return current;
  });
  context.lifecycle.wake(row.id);
  return { Message: `Service [${row.name}] in region [${region}] is starting` };
}

/** A version brings its model and settings back, not the number of instances it once had. */
function keepCount(config: Config, instances: number): Config {
  return {
    ...config,
    metadata: { ...(isObject(config.metadata) ? config.metadata : {}), instance: instances },
  };
}
