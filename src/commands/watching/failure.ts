import { EasError } from '../../core/errors.ts';
import type { EasApi } from '../../core/service/api.ts';
import type { Instance, Service } from '../../core/service/model.ts';
import { listAllInstances } from './instances.ts';

const LAST_LINES = 20;

/** The end of a wait for a service that failed: the reason and the last log lines of the failing instance. */
export async function failureOf(api: EasApi, name: string, service: Service | undefined): Promise<EasError> {
  if (!service)
    return new EasError({
      code: 'ServiceGone',
      message: `Service [${name}] was deleted while it was waited for`,
      hint: 'eascmd ls shows what is there',
    });
  const { instance, logs } = await lastWords(api, name).catch((): LastWords => ({ logs: [] }));
  const message = service.Message || service.Reason || 'no reason given';
  // The message may go on with the last output, which the log lines below hold already.
  const reason = logs.length > 0 ? message.split('\n', 1)[0]! : message;
  const where =
    instance && !reason.includes(`[${instance.InstanceName}]`) ? `, instance [${instance.InstanceName}]` : '';
  return new EasError({
    code: `Service${service.Status}`,
    message: `Service [${name}] is ${service.Status}${where}: ${reason}`,
    detail: logs,
    hint: `eascmd w ${name} and eascmd logs ${name} show more; correct it with eascmd modify ${name} -s <file>`,
  });
}

interface LastWords {
  instance?: Instance;
  logs: string[];
}

async function lastWords(api: EasApi, name: string): Promise<LastWords> {
  const { Instances: instances } = await listAllInstances(api, name);
  const failing =
    instances.find((instance) => instance.Status !== 'Running' && instance.Status !== 'Pending') ??
    instances.find((instance) => instance.ReadyProcesses < instance.TotalProcesses) ??
    instances[0];
  if (!failing) return { logs: [] };
  const logs = await lastLogLines(api, name, { instanceName: failing.InstanceName, count: LAST_LINES });
  return { instance: failing, logs };
}

/** The last `count` lines of the log: the last page and, when that is short, the one before it. */
export async function lastLogLines(
  api: EasApi,
  name: string,
  query: { instanceName?: string; previous?: boolean; count: number },
): Promise<string[]> {
  const ask = (pageNum: number) =>
    api.describeServiceLog(name, {
      instanceName: query.instanceName,
      previous: query.previous,
      pageNum,
      pageSize: query.count,
    });
  const first = await ask(1);
  if (first.TotalPageNum <= 1) return first.Logs;
  const last = await ask(first.TotalPageNum);
  const before = first.TotalPageNum === 2 ? first : await ask(first.TotalPageNum - 1);
  return [...before.Logs, ...last.Logs].slice(-query.count);
}
