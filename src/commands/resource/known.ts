import type { Context } from '../../cli/context.ts';
import { EasError, usageError } from '../../core/errors.ts';
import type { ResourceApi } from '../../core/resource/api.ts';
import type { ServiceDocument } from '../../core/service/model.ts';
import { closest } from '../../core/suggest.ts';
import { allPages } from './pages.ts';

/**
 * Refuses a description whose `metadata.resource` names a group that is not there (exit 2), before it is sent. Groups
 * are asked for only by id, and whoever may not read them is believed; older names (`EAS-…`) are left to the API.
 */
export async function checkResourceGroup({ clients }: Context, document: ServiceDocument): Promise<void> {
  const { resource: id } = (document.metadata ?? {}) as { resource?: unknown };
  if (typeof id !== 'string' || !id.startsWith('eas-r-')) return;
  const api = await clients.api();
  const isThere = await api.describeResource(id).then(
    () => true,
    (error) => !(error instanceof EasError && error.status === 404),
  );
  if (isThere) return;
  const { region } = await clients.target();
  const known = await groupsOf(api).catch(() => []);
  const similar = closest(id, known);
  throw usageError(
    'UnknownResourceGroup',
    `There is no resource group [${id}] in [${region}] (metadata.resource)`,
    similar
      ? `Did you mean ${similar}?`
      : 'eascmd resource ls shows the groups; without metadata.resource it is the public one',
    known.length > 0 ? ['the groups are:', ...known] : [],
  );
}

const groupsOf = async (api: ResourceApi) =>
  (
    await allPages(
      (query) => api.listResources(query),
      (page) => page.Resources,
    )
  ).map(({ ResourceId }) => ResourceId);
