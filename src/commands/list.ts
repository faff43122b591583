import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { listAllServices } from '../cloud/paging.ts';
import { usageError } from '../core/errors.ts';
import { isObjectUrl } from '../core/object-url.ts';
import type { View } from '../ui/view.ts';
import { ServiceList } from '../ui/views/service-list.ts';

/** Local EAS gives more at once than the API promises (openapi.md section 0); larger pages cost memory, smaller ones time. */
const LOCAL_PAGE_SIZE = 500;

/** A collection takes about 10 ms. */
const SERVICES_BETWEEN_COLLECTIONS = 2_000;

/** Services, or with an `oss://` argument what is in the object store. */
export async function run(context: Context, args: Arguments): Promise<View> {
  const place = args.optional(0);
  if (place === undefined) return listServices(context);
  if (!isObjectUrl(place))
    throw usageError(
      'WrongUsage',
      `ls takes no argument but a place in the object store, not ${JSON.stringify(place)}`,
      '`eascmd ls` lists the services; `eascmd ls oss://<bucket>/<prefix>` lists objects.',
    );
  const { listPlace } = await import('./list/objects.ts');
  return listPlace(context, place, { isRecursive: args.isSet('recursive'), isInner: args.isSet('inner') });
}

/** All pages; the RequestId shown is that of the first. */
async function listServices({ clients, isJson }: Context): Promise<View> {
  const [api, target] = await Promise.all([clients.api(), clients.target()]);
  let requestId = '';
  const list = new ServiceList({ isJson });
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
  let count = 0;
  for await (const service of found) {
    list.add(service);
    // Left to itself the heap grows with every page, although nothing of a page is kept.
    if (++count % SERVICES_BETWEEN_COLLECTIONS === 0) Bun.gc(true);
  }
  return list.view(requestId);
}
