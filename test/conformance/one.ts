/** The only item. @throws Error when there are none, or several */
export function one<Item>(items: readonly Item[]): Item {
  const [only] = items;
  if (only === undefined || items.length !== 1) throw new Error(`${items.length} instead of one`);
  return only;
}
