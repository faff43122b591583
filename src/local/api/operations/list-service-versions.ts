import { type ApiContext, type Call, serviceOf } from '../context.ts';

/** openapi.md ListServiceVersions; newest first. */
export function listServiceVersions(context: ApiContext, call: Call) {
  const row = serviceOf(context, call);
  const page = call.query.page();
  const { rows, total } = context.state.versions.list(row.id, page.size, page.offset);
  return {
    Versions: rows.map((version) => ({
      ImageId: version.version,
      BuildTime: version.created_at,
      Message: version.message,
      ServiceConfig: version.config,
      ImageAvailable: { ready: 'true', wanted: 'unknown', failed: 'false' }[version.package_state],
      ServiceRunnable: { ready: 'true', wanted: 'unknown', failed: 'false' }[version.package_state],
    })),
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: total,
  };
}
