import type { EasApi } from '../core/service/api.ts';
import type { Service } from '../core/service/model.ts';

const PAGE_SIZE = 100;
const PAGES_AT_ONCE = 4;

/**
 * Every service of the region in the API's order. The first page tells how many there are; the others are asked a
 * few at a time and handed on as they come, so that memory does not grow with their number.
 */
export async function* listAllServices(
  api: Pick<EasApi, 'listServices'>,
  options: { filter?: string; pageSize?: number } = {},
): AsyncGenerator<Service> {
  const pageSize = options.pageSize ?? PAGE_SIZE;
  const ask = (pageNumber: number) => api.listServices({ pageNumber, pageSize, filter: options.filter });
  const first = await ask(1);
  const seen = new Set<string>();
  const fresh = (services: Service[]) =>
    // A service created meanwhile pushes another one onto the next page, where it would show up again.
    services.filter(({ ServiceName }) => !seen.has(ServiceName) && seen.add(ServiceName));
  yield* fresh(first.Services);

  // The server may give less than it was asked for at once.
  const lastPage = Math.ceil(first.TotalCount / (first.PageSize || pageSize));
  const ahead: Promise<Awaited<ReturnType<typeof ask>>>[] = [];
  let next = 2;
  const fill = () => {
    while (next <= lastPage && ahead.length < PAGES_AT_ONCE) ahead.push(quiet(ask(next++)));
  };
  for (fill(); ahead.length > 0; fill()) yield* fresh((await ahead.shift()!).Services);
}

/** A page that fails while an earlier one is still awaited is reported when its turn comes, not as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
