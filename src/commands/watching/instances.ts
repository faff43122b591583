import type { EasApi } from '../../core/service/api.ts';
import type { Instance } from '../../core/service/model.ts';

const PAGE_SIZE = 100;

/** All instances of a service; RequestId is that of the first page. */
export async function listAllInstances(
  api: EasApi,
  service: string,
): Promise<{ RequestId: string; Instances: Instance[] }> {
  const first = await api.listServiceInstances(service, { pageNumber: 1, pageSize: PAGE_SIZE });
  const instances = [...first.Instances];
  for (let pageNumber = 2; instances.length < first.TotalCount; pageNumber++) {
    const page = await api.listServiceInstances(service, { pageNumber, pageSize: PAGE_SIZE });
    if (page.Instances.length === 0) break;
    instances.push(...page.Instances);
  }
  return { RequestId: first.RequestId, Instances: instances };
}
