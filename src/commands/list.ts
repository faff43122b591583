import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { listAllServices } from '../cloud/paging.ts';
import { usageError } from '../core/errors.ts';
import { isObjectUrl } from '../core/object-url.ts';
import type { View } from '../ui/view.ts';
import { serviceListView } from '../ui/views/services.ts';

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
async function listServices({ clients }: Context): Promise<View> {
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
