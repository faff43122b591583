import type { Page } from '../../core/service/model.ts';

const PAGE_SIZE = 100;

/** Items of all pages, in order. */
export async function allPages<P extends Page, T>(
  ask: (query: { pageNumber: number; pageSize: number }) => Promise<P>,
  itemsOf: (page: P) => T[],
): Promise<T[]> {
  const items: T[] = [];
  for (let pageNumber = 1; ; pageNumber++) {
    const page = await ask({ pageNumber, pageSize: PAGE_SIZE });
    items.push(...itemsOf(page));
    if (itemsOf(page).length === 0 || items.length >= page.TotalCount) return items;
  }
}
