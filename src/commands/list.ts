import type { Context } from '../cli/context.ts';
import { listAllServices } from '../cloud/paging.ts';
import type { View } from '../ui/view.ts';
import { serviceListView } from '../ui/views/services.ts';

/** All pages; the RequestId shown is that of the first. */
export async function run({ clients }: Context): Promise<View> {
  const api = await clients.api();
  let requestId = '';
  const services = await Array.fromAsync(
    listAllServices({
      async listServices(query) {
        const page = await api.listServices(query);
        requestId ||= page.RequestId;
        return page;
      },
    }),
  );
  return serviceListView({ RequestId: requestId, Services: services });
}
