/** Forgets what nobody can need any more. `main/` calls it now and then; several servers may do so at once. */
import { deleteOldChanges } from '../../store/changes.js';
import { deletePending, lockStorageKey, readAbandoned } from '../../store/queries/artifact.js';
import { deleteOldRequests } from '../../store/queries/client-request.js';
import { deleteDeadSessions } from '../../store/queries/session.js';
import { SESSION_IDLE_MS } from '../access/identify.js';
import type { Deps } from '../deps.js';

/** Replies are promised for a day (reliability.md 4.4). */
const REPLY_HOURS = 48;
const PENDING_MS = 24 * 3_600_000;
/** Small steps: no transaction holds the change feed's horizon for long. */
const AT_ONCE = 1000;

export interface CleanedUp {
  readonly requests: number;
  readonly changes: number;
  readonly sessions: number;
  readonly artifacts: number;
}

/** How much of each was forgotten; at most 1000 of each in one call. */
export async function cleanUp(deps: Deps): Promise<CleanedUp> {
  const now = deps.clock.now();
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
  const { database } = deps;
  return {
    requests: await database.transaction((tx) => deleteOldRequests(tx, REPLY_HOURS, AT_ONCE)),
    changes: await database.transaction((tx) => deleteOldChanges(tx, AT_ONCE)),
    sessions: await database.transaction((tx) => deleteDeadSessions(tx, now, idleSince)),
    artifacts: await sweepArtifacts(deps, now),
  };
}

async function sweepArtifacts(deps: Deps, now: Date): Promise<number> {
  const abandoned = await readAbandoned(deps.database.read, new Date(now.getTime() - PENDING_MS), AT_ONCE);
  for (const one of abandoned) {
    await deps.database.transaction(async (tx) => {
      // Held until the bytes are gone: nobody begins an artifact with the same bytes meanwhile.
      await lockStorageKey(tx, one.storageKey);
      const { isLast } = await deletePending(tx, one);
      if (isLast) await deps.blobs.delete(one.storageKey);
    });
  }
  return abandoned.length;
}
