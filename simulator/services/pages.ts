/**
 * One page of a list, as most services give them: the token is the place of the next. EC2 promises less, and has pages of its own.
 * @param token of the page before; undefined or empty: the first page
 * @param most that a page has; default 50, as of ElastiCache and MemoryDB
 * @returns `next` is the token of the page after; absent: there is none
 */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
  most = 50,
): { readonly items: readonly Item[]; readonly next?: string } {
  const from = Number(token ?? 0);
  const next = from + most;
  return { items: items.slice(from, next), ...(next < items.length ? { next: String(next) } : {}) };
}
