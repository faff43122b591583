import type { ApiContext, Call } from '../context.ts';
import { ApiError } from '../error.ts';
import { resourceOf } from '../resource-reply.ts';

/** openapi.md ListResourceInstanceWorker: instances of services on one machine (`MemoryRquest` is spelt so). */
export function listResourceInstanceWorker(context: ApiContext, call: Call) {
  const { query } = call;
  query.refuse(['Order', 'Sort', 'Status', 'Ready']);
  const group = resourceOf(context, call);
  const { InstanceName: machine = '' } = call.params;
  if (!group.machines.some(({ name }) => name === machine))
    throw new ApiError(
      404,
      'InvalidInstance.NotFound',
      `Resource [${group.id}] has no instance [${machine}]`,
    );
  const page = query.page();
  const [service, worker] = [query.text('ServiceName'), query.text('WorkerName')];
  const found = context.resources
    .held(group.id, machine)
    .filter(
      (each) => (service ?? each.service) === each.service && (worker ?? each.instance) === each.instance,
    );
  return {
    Pods: found.slice(page.offset, page.offset + page.size).map(({ instance: name, service, need }) => {
      const row = context.state.services.byName(service);
      const instance =
        row && context.lifecycle.instances(row.id).find(({ identity }) => identity.name === name);
      const cores = Math.ceil(need.cpu);
      return {
        Name: name,
        ServiceName: service,
        CpuRequest: cores,
        CpuLimit: cores,
        GpuRequest: need.gpu,
        GpuLimit: need.gpu,
        MemoryRquest: need.memoryMb,
        MemoryLimit: need.memoryMb,
        Ready: instance?.phase === 'ready',
        RestartCount: instance?.restarts ?? 0,
        StartTime: instance?.startedAt ?? '',
        Status: instance?.phase === 'draining' ? 'Terminating' : 'Running',
      };
    }),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: found.length,
  };
}
