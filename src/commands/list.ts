import type { Context } from '../cli/context.ts';
import { listAllServices } from '../cloud/paging.ts';
import type { Service } from '../core/service/model.ts';
import type { View } from '../ui/view.ts';
import { serviceListView } from '../ui/views/services.ts';

/** Local EAS gives more at once than the API promises (openapi.md section 0); larger pages cost memory, smaller ones time. */
const LOCAL_PAGE_SIZE = 500;

/** All pages; the RequestId shown is that of the first. */
export async function run({ clients, isJson }: Context): Promise<View> {
  const [api, target] = await Promise.all([clients.api(), clients.target()]);
  let requestId = '';
  const services: Service[] = [];
  const found = listAllServices(
    {
      async listServices(query) {
        const page = await api.listServices(query);
        requestId ||= page.RequestId;
        return page;
      },
    },
    { pageSize: target.kind === 'local' ? LOCAL_PAGE_SIZE : undefined },
  );
  for await (const service of found) services.push(isJson ? service : shownPart(service));
  return serviceListView({ RequestId: requestId, Services: services });
}

/** The rest of a service, its description above all, is dropped as its page goes by: ten thousand of them are megabytes. */
function shownPart(service: Service): Service {
  const { ServiceName, Region, Status, Weight, CreateTime, UpdateTime } = service;
  const { TotalInstance, RunningInstance, PendingInstance } = service;
  const { InternetEndpoint, IntranetEndpoint } = service;
  return {
    ServiceName,
    Region,
    Status,
    Weight,
    CreateTime,
    UpdateTime,
    TotalInstance,
    RunningInstance,
    PendingInstance,
    InternetEndpoint,
    IntranetEndpoint,
  };
}
