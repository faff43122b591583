import { headedTable } from '../tables.ts';
import { localTime } from '../times.ts';
import type { View } from '../view.ts';

export interface ObjectRow {
  url: string;
  sizeBytes: number;
  modifiedAt: string;
  etag: string;
}

/** Folders first, then objects with size and local time; a line with the totals at the end. */
export function objectListView(list: { url: string; prefixes: string[]; objects: ObjectRow[] }): View {
  const sizeBytes = list.objects.reduce((sum, object) => sum + object.sizeBytes, 0);
  return {
    text: () => [
      ...headedTable(
        ['LastModified', 'Size', 'Object'],
        [
          ...list.prefixes.map((url) => ['', '', url]),
          ...list.objects.map((object) => [
            localTime(object.modifiedAt),
            number(object.sizeBytes),
            object.url,
          ]),
        ],
      ),
      `Total num: ${list.objects.length}, size: ${number(sizeBytes)}.`,
    ],
    json: () => ({ ...list, sizeBytes }),
  };
}

export function bucketListView(list: {
  buckets: { name: string; region: string; createdAt: string }[];
}): View {
  return {
    text: () =>
      headedTable(
        ['CreationTime', 'Region', 'Bucket'],
        list.buckets.map(({ name, region, createdAt }) => [localTime(createdAt), region, `oss://${name}`]),
      ),
    json: () => list,
  };
}

const number = (value: number) => value.toLocaleString('en-US');
