/**
 * What a server does by itself: reclaim lapsed leases, end trials whose budget is spent, forget what nobody can need any
 * more, compact points, look for room.
 */
import type { Deps } from '../service/deps.js';
import { enforceBudgets } from '../service/experiment/enforce-budgets.js';
import { reclaimLeases } from '../service/job/reclaim-leases.js';
import { cleanUp } from '../service/setup/clean-up.js';
import { expire } from '../service/setup/expire.js';
import { forgetDead } from '../service/setup/forget-dead.js';
import { purge } from '../service/setup/purge.js';
import { type Config, DAY_SECONDS } from './config.js';

const RECLAIM_MS = 1_000;
const LOOK_MS = 2_000;
/** What a budget may be overrun by, beside what trials take to end. */
const BUDGET_MS = 5_000;
/** Once in a minute of the days that things are kept for, and at most once a second. */
const MINUTES_A_DAY = 1_440;
const HOURS_A_DAY = 24;
const LEAST_PAUSE_MS = 1_000;
const DAY_MS = DAY_SECONDS * 1_000;
/** At most a third of the time of one thread, so that ingest and charts go before; four fifths while it is behind. */
const COMPACT_PAUSE_MS = { usual: 2_000, behind: 250 };
const COMPACT_WORK_MS = 1_000;
/** Short turns: ingest and charts go before. */
const PURGE_PAUSE_MS = { usual: 3_000, shortest: 100 };
const PURGE_WORK_MS = 1_000;

/** Runs until `signal` aborts; resolves when nothing is under way. A failure is logged, and the next round tries again. */
export async function maintain(deps: Deps, { tailWindowSeconds }: Config, signal: AbortSignal): Promise<void> {
  const minuteMs = Math.max(LEAST_PAUSE_MS, deps.dayMs / MINUTES_A_DAY);
  const hourMs = Math.max(LEAST_PAUSE_MS, deps.dayMs / HOURS_A_DAY);
  // What is deleted in a day has to be purged in it, however short it is.
  const purgePauseMs = Math.max(PURGE_PAUSE_MS.shortest, (PURGE_PAUSE_MS.usual * deps.dayMs) / DAY_MS);
  let compactPauseMs: number = COMPACT_PAUSE_MS.usual;
  await Promise.all([
    everySoOften(deps, 'reclaiming leases', RECLAIM_MS, signal, () => reclaimLeases(deps)),
    everySoOften(deps, 'looking for room', LOOK_MS, signal, () => deps.storage.look()),
    everySoOften(deps, 'enforcing budgets', BUDGET_MS, signal, () => enforceBudgets(deps)),
    everySoOften(deps, 'cleaning up', minuteMs, signal, () => cleanUp(deps)),
    deps.clock
      .sleep(hourMs, signal)
      .then(() => everySoOften(deps, 'forgetting the dead', hourMs, signal, () => forgetDead(deps))),
    everySoOften(deps, 'purging what was deleted', purgePauseMs, signal, () => purge(deps, { maxMs: PURGE_WORK_MS })),
    everySoOften(deps, 'expiring points and logs', minuteMs, signal, () => expire(deps, { maxMs: PURGE_WORK_MS })),
    everySoOften(
      deps,
      'compacting metrics',
      () => compactPauseMs,
      signal,
      async () => {
        compactPauseMs = COMPACT_PAUSE_MS.usual;
        // It writes before it deletes, and what is left of a full disk is not for it.
        if (deps.storage.status().isFull) return;
        const { more } = await deps.metrics.compact({
          tailWindowMs: tailWindowSeconds * 1_000,
          maxMs: COMPACT_WORK_MS,
        });
        if (more) compactPauseMs = COMPACT_PAUSE_MS.behind;
      },
    ),
  ]);
}

async function everySoOften(
  deps: Deps,
  what: string,
  pauseMs: number | (() => number),
  signal: AbortSignal,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      deps.log(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    await deps.clock.sleep(typeof pauseMs === 'number' ? pauseMs : pauseMs(), signal);
  }
}
