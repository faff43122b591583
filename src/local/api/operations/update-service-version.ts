import type { Config } from '../../service/spec.ts';
import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { ApiError, invalid } from '../error.ts';

/** openapi.md UpdateServiceVersion: to any version there is; the current one is deployed once more. */
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
    if (target.package_state === 'failed') state.versions.setPackage(current.id, version, 'wanted', '');
    const config = JSON.stringify(
      asOf(JSON.parse(target.config) as Config, JSON.parse(current.config) as Config),
    );
    const status =
      current.desired === 'running' ? { status: 'Updating', message: 'Service is now updating' } : {};
    // The current version once more: a roll-back that is run twice replaces the instances again.
    const revision = current.revision + (version === current.current_version ? 1 : 0);
    state.services.change(current.id, { current_version: version, revision, config, ...status }, true);
    state.versions.setConfig(current.id, version, config);
    return current;
  });
  context.lifecycle.wake(row.id);
  return { Message: `Service [${row.name}] in region [${region}] is starting` };
}

/** A version brings its model and settings back, not the number of instances and the token it once had. */
function asOf(version: Config, current: Config): Config {
  const { token: _once, ...rest } = version;
  const metadata = { ...(version.metadata as Config), instance: (current.metadata as Config).instance };
  return { ...rest, ...(current.token === undefined ? {} : { token: current.token }), metadata };
}
