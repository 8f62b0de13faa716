/** What request-scoped loaders need: one answer per key asked for, in the order of the keys. */

/** Per id the item with this id, or null. */
export function byId<Id extends string, Item extends { readonly id: Id }>(
  ids: readonly Id[],
  items: readonly Item[],
): (Item | null)[] {
  const found = new Map(items.map((item) => [item.id, item]));
  return ids.map((id) => found.get(id) ?? null);
}

/** Per key all items that have it, in the order they came. */
export function byKey<Key extends string, Item>(
  keys: readonly Key[],
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): Item[][] {
  const groups = new Map<Key, Item[]>(keys.map((key) => [key, []]));
  for (const item of items) groups.get(keyOf(item))?.push(item);
  return keys.map((key) => groups.get(key) ?? []);
}
