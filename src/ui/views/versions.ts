import type { ServiceVersion } from '../../core/service/model.ts';
import { headedTable } from '../tables.ts';
import { localTime } from '../times.ts';
import { requestIdLine, type View } from '../view.ts';

/** `versions`: in the API's order, the current one marked. */
export function versionListView(reply: {
  RequestId: string;
  CurrentVersion?: number;
  LatestVersion?: number;
  Versions: ServiceVersion[];
}): View {
  return {
    text: () => [
      ...requestIdLine(reply.RequestId),
      ...headedTable(
        ['Version', 'Current', 'BuildTime', 'Runnable', 'Message'],
        reply.Versions.map((version) => [
          String(version.ImageId),
          version.ImageId === reply.CurrentVersion ? 'yes' : '',
          localTime(version.BuildTime),
          version.ServiceRunnable ?? '',
          version.Message ?? '',
        ]),
      ),
    ],
    json: () => reply,
  };
}
