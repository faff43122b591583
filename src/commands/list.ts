import type { Context } from '../cli/context.ts';
import type { Service } from '../core/service/model.ts';
import type { View } from '../ui/view.ts';
import { serviceListView } from '../ui/views/services.ts';

const PAGE_SIZE = 100;

export async function run({ clients }: Context): Promise<View> {
  const api = await clients.api();
  const services: Service[] = [];
  let requestId = '';
  for (let pageNumber = 1; ; pageNumber++) {
    const page = await api.listServices({ pageNumber, pageSize: PAGE_SIZE });
    requestId ||= page.RequestId;
    services.push(...page.Services);
    if (page.Services.length === 0 || services.length >= page.TotalCount) break;
  }
  return serviceListView({ RequestId: requestId, Services: services });
}
