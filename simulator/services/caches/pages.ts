/** Pages of at most 50, as ElastiCache and MemoryDB give them; the token is the place of the next. */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
  most = 50,
): { readonly items: readonly Item[]; readonly next?: string } {
  const from = Number(token ?? 0);
  const rest = items.length - from - most;
  return { items: items.slice(from, from + most), ...(rest > 0 ? { next: String(from + most) } : {}) };
}
