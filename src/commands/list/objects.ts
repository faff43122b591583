import type { Context } from '../../cli/context.ts';
import { parseObjectUrl } from '../../core/object-url.ts';
import type { View } from '../../ui/view.ts';
import { bucketListView, objectListView } from '../../ui/views/objects.ts';

/** What is below an `oss://` place, up to the next slash unless `isRecursive`; `oss://` alone means the buckets. */
export async function listPlace(
  { clients, signal }: Context,
  place: string,
  { isRecursive, isInner }: { isRecursive: boolean; isInner: boolean },
): Promise<View> {
  const { objectStoreUrl, internalObjectStoreUrl } = await (await clients.settings()).upload();
  const store = await clients.objectStore(isInner ? internalObjectStoreUrl : objectStoreUrl);
  if (/^oss:\/\/$/i.test(place)) return bucketListView(await store.buckets(signal));
  const { bucket, key: prefix } = parseObjectUrl(place, '<oss_url>');
  const { objects, prefixes } = await store.list({ bucket, prefix, isRecursive, signal });
  const urlOf = (key: string) => `oss://${bucket}/${key}`;
  return objectListView({
    url: urlOf(prefix),
    prefixes: prefixes.map(urlOf),
    objects: objects.map(({ key, ...facts }) => ({ url: urlOf(key), ...facts })),
  });
}
