import type { Region } from '../../core/service/model.ts';
import { headedTable } from '../tables.ts';
import { requestIdLine, type View } from '../view.ts';

/** `regions`: what `-e` takes. */
export function regionListView(reply: { RequestId: string; Regions: Region[] }): View {
  return {
    text: () => [
      ...requestIdLine(reply.RequestId),
      ...headedTable(
        ['RegionId', 'RegionName'],
        reply.Regions.map(({ RegionId, RegionName }) => [RegionId, RegionName ?? '']),
      ),
    ],
    json: () => reply,
  };
}
