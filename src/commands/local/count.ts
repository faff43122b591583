import { createEasApi } from '../../cloud/api/client.ts';
import type { Credentials } from '../../core/target.ts';
import type { LocalInfo } from '../../local/launch.ts';

/** Number of services of a running Local EAS, asked over its API like everything else. */
export async function countServices(info: LocalInfo, credentials: Credentials): Promise<number> {
  const { apiUrl, objectStoreUrl, region } = info;
  const api = createEasApi({ kind: 'local', apiUrl, objectStoreUrl, region }, credentials);
  try {
    return (await api.listServices({ pageNumber: 1, pageSize: 1 })).TotalCount;
  } finally {
    api.close();
  }
}
