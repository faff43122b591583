import { listAllServices } from '../../cloud/paging.ts';
import type { EasApi } from '../../core/service/api.ts';
import type { Service } from '../../core/service/model.ts';
import { isNotFound } from '../watching/wait.ts';

/**
 * The service of that name. After blue-green releases the name may be that of an entrance only: its first service is
 * deleted, and another one answers there (eascmd.md 1.3).
 */
export async function serviceOrEntrance(api: EasApi, name: string): Promise<Service> {
  try {
    return await api.describeService(name);
  } catch (error) {
    const behind = isNotFound(error) ? await behindEntrance(api, name).catch(() => undefined) : undefined;
    if (behind) return behind;
    throw error;
  }
}

async function behindEntrance(api: EasApi, name: string): Promise<Service | undefined> {
  for await (const { ServiceName } of listAllServices(api, { filter: name })) {
    if (!ServiceName.startsWith(`${name}_`) || !/_[0-9a-f]{8}$/.test(ServiceName)) continue;
    const service = await api.describeService(ServiceName);
    const endpoint = service.IntranetEndpoint || service.InternetEndpoint || '';
    // Before its release a twin has a path of its own.
    if (endpoint.endsWith(`/api/predict/${name}`)) return service;
  }
  return undefined;
}
