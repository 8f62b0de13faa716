/** Forgets what nobody can need any more. `main/` calls it now and then; several servers may do so at once. */
import { deleteOldChanges } from '../../store/changes.js';
import type { Database, Sql } from '../../store/database.js';
import { deleteDeadTrialKeys } from '../../store/queries/api-key.js';
import { type Abandoned, deletePending, lockStorageKey, readAbandoned } from '../../store/queries/artifact.js';
import { deleteOldRequests } from '../../store/queries/client-request.js';
import { deleteSilentRunners } from '../../store/queries/runner.js';
import { deleteDeadSessions } from '../../store/queries/session.js';
import { SESSION_IDLE_MS, TRIAL_TOKEN_AFTER_END_DAYS } from '../access/identify.js';
import type { Deps } from '../deps.js';
import { firstIdAt } from '../ids.js';

/** Replies are promised for a day (reliability.md 4.4). */
const REPLY_DAYS = 2;
const PENDING_DAYS = 1;
/** An agent registers anew at each start; what it ran keeps its row alive. */
const RUNNER_DAYS = 7;
/** Small steps: no transaction holds the change feed's horizon for long. */
const AT_ONCE = 1000;
/** More than a busy server makes in the minute between two calls. */
const MOST_STEPS = 100;

export interface CleanedUp {
  readonly requests: number;
  readonly changes: number;
  readonly sessions: number;
  readonly artifacts: number;
  readonly tokens: number;
  readonly runners: number;
}

/** How much of each was forgotten. What is left when a call has done its share is forgotten by the next. */
export async function cleanUp(deps: Deps): Promise<CleanedUp> {
  const now = deps.clock.now();
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
  const { database, dayMs } = deps;
  const endedBefore = new Date(now.getTime() - TRIAL_TOKEN_AFTER_END_DAYS * dayMs);
  const dead = { endedBefore, madeBefore: firstIdAt(endedBefore) };
  return {
    requests: await inSteps(database, (tx) => deleteOldRequests(tx, REPLY_DAYS * dayMs, AT_ONCE)),
    changes: await inSteps(database, (tx) => deleteOldChanges(tx, dayMs, AT_ONCE)),
    sessions: await database.transaction((tx) => deleteDeadSessions(tx, now, idleSince)),
    artifacts: await sweepArtifacts(deps, now),
    tokens: await inSteps(database, (tx) => deleteDeadTrialKeys(tx, dead, AT_ONCE)),
    runners: await inSteps(database, (tx) => deleteSilentRunners(tx, RUNNER_DAYS * dayMs, AT_ONCE)),
  };
}

async function inSteps(database: Database, step: (tx: Sql) => Promise<number>): Promise<number> {
  let total = 0;
  for (let i = 0; i < MOST_STEPS; i++) {
    const some = await database.transaction(step);
    total += some;
    if (some < AT_ONCE) break;
  }
  return total;
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
