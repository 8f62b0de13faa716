/** The usual way to find one thing by id: through its loader, so that one rule decides what is visible. */
import { isId } from '../domain/ids.js';
import type { Principal } from '../domain/roles.js';
import type { Deps } from './deps.js';

type Loader<Id, Item> = (deps: Deps, principal: Principal, ids: readonly Id[]) => Promise<(Item | null)[]>;

/** What `load` gives for this id; null for a text that is no id. */
export async function findOne<Id extends string, Item>(
  load: Loader<Id, Item>,
  deps: Deps,
  principal: Principal,
  id: string,
): Promise<Item | null> {
  if (!isId(id)) return null;
  const [item] = await load(deps, principal, [id as Id]);
  return item ?? null;
}
