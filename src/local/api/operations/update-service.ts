import { apiTime } from '../../clock.ts';
import { autoscalerBody } from '../../scaling/from-config.ts';
import { changeKind } from '../../service/change.ts';
import { mergeConfig } from '../../service/merge.ts';
import { imageName } from '../../service/names.ts';
import { readSpec } from '../../service/read.ts';
import type { Config } from '../../service/spec.ts';
import type { ServiceChange, ServiceRow } from '../../state/services.ts';
import { type ApiContext, type Call, changeableServiceOf } from '../context.ts';
import { invalid } from '../error.ts';
import { labelMap } from '../labels.ts';
import { checkResource, withRegion } from './create-service.ts';

/** openapi.md UpdateService; eascmd.md 1.3 says what each kind of change leads to. */
export function updateService(context: ApiContext, call: Call) {
  call.query.refuse(['MemberToUpdate']);
  const sent = call.json();
  const updateType = call.query.oneOf('UpdateType', ['merge', 'replace']) ?? 'merge';
  const { state, region } = context;
  const row = state.transaction(() => {
    const current = changeableServiceOf(context, call);
    apply(context, current, sent, updateType);
    return current;
  });
  context.lifecycle.wake(row.id);
  context.scaling.wake();
  context.forgetRoutes();
  return { Message: `Succeed to update service [${row.name}] in region [${region}]` };
}

function apply(context: ApiContext, row: ServiceRow, sent: Config, updateType: 'merge' | 'replace'): void {
  const { state, region } = context;
  const before = JSON.parse(row.config) as Config;
  const after = withRegion(
    updateType === 'merge' ? mergeConfig(before, sent) : { name: row.name, ...sent },
    region,
  );
  const spec = readSpec(after);
  checkResource(context, spec);
  const autoscaler = autoscalerBody(sent);
  if (spec.name !== row.name)
    throw invalid(`name can't be changed: the service is [${row.name}], the JSON says [${spec.name}]`);
  if (autoscaler !== undefined) state.scalers.put(row.id, 'auto', autoscaler);
  const kind = changeKind(sent, before, after);
  if (kind === 'nothing') return;
  const text = JSON.stringify(after);
  const change: ServiceChange = {
    config: text,
    instances: spec.instances,
    token: spec.token ?? row.token,
    labels: JSON.stringify({ ...(JSON.parse(row.labels) as Config), ...labelMap(sent.labels, 'labels') }),
  };
  if (kind === 'version') {
    const version = row.latest_version + 1;
    const now = new Date();
    state.versions.insert({
      service_id: row.id,
      version,
      config: text,
      image: imageName(row.name, region, now),
      package_state: 'wanted',
      message: '',
      created_at: apiTime(now),
    });
    change.current_version = version;
    change.latest_version = version;
  } else {
    state.versions.setConfig(row.id, row.current_version, text);
    if (kind === 'settings') change.revision = row.revision + 1;
  }
  if (row.desired === 'running') {
    change.status = kind === 'scale' ? 'Scaling' : 'Updating';
    change.message = kind === 'scale' ? 'Service is now scaling' : 'Service is now updating';
  }
  // Callers of a shared entrance use its token, whichever service is behind it.
  if (change.token !== row.token && row.entrance !== null && row.has_own_endpoint === 0)
    state.entrances.put(row.entrance, change.token!);
  state.services.change(row.id, change, true);
}
