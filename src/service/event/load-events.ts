import type { Event } from '../../domain/event.js';
import type { EventId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { readEventsById } from '../../store/queries/event.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId } from '../in-order.js';

/** Per id the event, null where it is not visible. */
export async function loadEvents(deps: Deps, principal: Principal, ids: readonly EventId[]): Promise<(Event | null)[]> {
  return byId(ids, await readEventsById(deps.database.read, scopeOf(principal), ids));
}
