import type { Arguments } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { ServiceVersion } from '../core/service/model.ts';
import type { View } from '../ui/view.ts';
import { versionListView } from '../ui/views/versions.ts';

const PAGE_SIZE = 100;

/** All pages; the RequestId shown is that of the first. */
export async function run({ clients }: Context, args: Arguments): Promise<View> {
  const name = args.required(0);
  const api = await clients.api();
  const [service, first] = await Promise.all([
    api.describeService(name),
    api.listServiceVersions(name, { pageNumber: 1, pageSize: PAGE_SIZE }),
  ]);
  const versions: ServiceVersion[] = [...first.Versions];
  for (let pageNumber = 2; versions.length < first.TotalCount; pageNumber++) {
    const page = await api.listServiceVersions(name, { pageNumber, pageSize: PAGE_SIZE });
    if (page.Versions.length === 0) break;
    versions.push(...page.Versions);
  }
  const { CurrentVersion, LatestVersion } = service;
  return versionListView({
    RequestId: first.RequestId,
    CurrentVersion,
    LatestVersion,
    Versions: versions,
  });
}
