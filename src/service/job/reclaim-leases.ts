/** Takes lapsed leases away. A lapse only permits this: the lock on the lease decides between renewing and reclaiming. */
import type { TrialId } from '../../domain/ids.js';
import { findLapsed, type HeldLease, lockLapsed, stampReclaim } from '../../store/queries/lease.js';
import type { Deps } from '../deps.js';
import { loseAttempt } from './lose-attempt.js';

export interface Reclaimed {
  /** Trials whose attempt was taken away. */
  readonly trialIds: readonly TrialId[];
  /** Leases given one more term because nobody was there to renew with. */
  readonly extended: number;
}

const BATCH = 100;

/**
 * One pass; call it every second from any number of servers. After an outage of ours all leases are first extended by one
 * term, so that no healthy runner pays for it. Internal: no principal, for timers.
 */
export async function reclaimLeases(deps: Deps): Promise<Reclaimed> {
  const extended = await deps.database.lease.transaction(stampReclaim);
  const trialIds: TrialId[] = [];
  for (const lease of await findLapsed(deps.database.lease.read, BATCH)) {
    if (await reclaim(deps, lease)) trialIds.push(lease.trialId);
  }
  return { trialIds, extended };
}

/** One that cannot be taken now, e.g. while its experiment is locked, must not keep the others waiting: it has its next turn. */
async function reclaim(deps: Deps, lease: HeldLease): Promise<boolean> {
  try {
    return await loseAttempt(deps, lease, lockLapsed, 'the runner fell silent');
  } catch (error) {
    deps.log(
      `the lease of trial ${lease.trialId} was not reclaimed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return false;
  }
}
