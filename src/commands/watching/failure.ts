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

const LATEST_LINES = 5;

/** What an instance that is not ready was doing when time was over; nothing when that can't be told. */
export async function latestLines(api: EasApi, name: string): Promise<string[]> {
  const { instance, logs } = await lastWords(api, name).catch((): LastWords => ({ logs: [] }));
  if (!instance || logs.length === 0) return [];
  return [`the log of instance [${instance.InstanceName}] ends with:`, ...logs.slice(-LATEST_LINES)];
}

interface LastWords {
  instance?: Instance;
  logs: string[];
}

async function lastWords(api: EasApi, name: string): Promise<LastWords> {
  const { Instances: all } = await listAllInstances(api, name);
  // One that leaves in good order, as in a rolling update, has nothing to do with it.
  const instances = all.filter(({ Status }) => Status !== 'Terminating');
  const failing =
    instances.find((instance) => instance.Status !== 'Running' && instance.Status !== 'Pending') ??
    instances.find((instance) => instance.ReadyProcesses < instance.TotalProcesses);
  if (!failing) return { logs: [] };
  const logs = await lastLogLines(api, name, { instanceName: failing.InstanceName, count: LAST_LINES });
  return { instance: failing, logs };
}

type LogQuery = Parameters<EasApi['describeServiceLog']>[1];

const MOST_PER_PAGE = 5_000;

/**
 * The last `count` lines of the log. Which page holds them is a guess (docs/local-eas.md): the first one has the
 * newest lines, each page its oldest line first.
 */
export async function lastLogLines(
  api: EasApi,
  name: string,
  query: LogQuery & { count: number },
): Promise<string[]> {
  const { count, ...filter } = query;
  const pageSize = Math.min(Math.max(count, 1), MOST_PER_PAGE);
  let lines: string[] = [];
  for (let pageNum = 1; ; pageNum++) {
    const page = await api.describeServiceLog(name, { ...filter, pageNum, pageSize });
    lines = [...page.Logs, ...lines];
    if (pageNum >= page.TotalPageNum || lines.length >= count) return count === 0 ? [] : lines.slice(-count);
  }
}
