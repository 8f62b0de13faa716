/** Forgets what nobody can need any more. `main/` calls it now and then; several servers may do so at once. */
import { deleteOldChanges } from '../../store/changes.js';
import { type Abandoned, deletePending, lockStorageKey, readAbandoned } from '../../store/queries/artifact.js';
import { deleteOldRequests } from '../../store/queries/client-request.js';
import { deleteDeadSessions } from '../../store/queries/session.js';
import { SESSION_IDLE_MS } from '../access/identify.js';
import type { Deps } from '../deps.js';
import { AT_ONCE, inSteps } from './in-steps.js';

/** Replies are promised for a day (reliability.md 4.4). */
const REPLY_DAYS = 2;
const PENDING_DAYS = 1;

export interface CleanedUp {
  readonly requests: number;
  readonly changes: number;
  readonly sessions: number;
  readonly artifacts: number;
}

/** How much of each was forgotten. What is left when a call has done its share is forgotten by the next. */
export async function cleanUp(deps: Deps): Promise<CleanedUp> {
  const now = deps.clock.now();
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
  const { database, dayMs } = deps;
  return {
    requests: await inSteps(database, (tx) => deleteOldRequests(tx, REPLY_DAYS * dayMs, AT_ONCE)),
    changes: await inSteps(database, (tx) => deleteOldChanges(tx, dayMs, AT_ONCE)),
    sessions: await database.transaction((tx) => deleteDeadSessions(tx, now, idleSince)),
    artifacts: await sweepArtifacts(deps, now),
  };
}

async function sweepArtifacts(deps: Deps, now: Date): Promise<number> {
  const abandoned = await readAbandoned(
    deps.database.read,
    new Date(now.getTime() - PENDING_DAYS * deps.dayMs),
    AT_ONCE,
  );
  let swept = 0;
  for (const one of abandoned) {
    try {
      await sweepArtifact(deps, one);
      swept += 1;
    } catch (error) {
      // It is tried again with the next call; the others do not wait for it.
      deps.log(`artifact ${one.id} was not swept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return swept;
}

async function sweepArtifact(deps: Deps, abandoned: Abandoned): Promise<void> {
  await deps.database.transaction(async (tx) => {
    // Held until the bytes are gone: nobody begins an artifact with the same bytes meanwhile.
    await lockStorageKey(tx, abandoned.storageKey);
    const { isLast } = await deletePending(tx, abandoned);
    if (isLast) await deps.blobs.delete(abandoned.storageKey);
  });
}
