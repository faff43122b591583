import type { Service } from '../../core/service/model.ts';
import { headedTable } from '../tables.ts';
import { requestIdLine, type View } from '../view.ts';

/** `labels`: by key. */
export function labelListView(service: Service): View {
  const labels = [...(service.Labels ?? [])].sort((a, b) => (a.LabelKey < b.LabelKey ? -1 : 1));
  return {
    text: () => [
      ...requestIdLine(service.RequestId),
      ...headedTable(
        ['Key', 'Value'],
        labels.map(({ LabelKey, LabelValue }) => [LabelKey, LabelValue]),
      ),
    ],
    json: () => Object.fromEntries(labels.map(({ LabelKey, LabelValue }) => [LabelKey, LabelValue])),
  };
}
