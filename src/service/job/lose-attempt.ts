/** Ends an attempt whose runner is gone, and queues the next. Internal; in a transaction of its own. */
import type { Sql } from '../../store/database.js';
import { lockExperiment } from '../../store/queries/experiment.js';
import { lockOpenJob } from '../../store/queries/job.js';
import { type HeldLease, type Lease, releaseLease } from '../../store/queries/lease.js';
import { lockTrial } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { endAttempt } from './end-attempt.js';

/** Locks the lease if it is still to be taken away; null leaves everything as it is. */
export type LockLease = (tx: Sql, lease: Lease) => Promise<Lease | null>;

/** Whether the attempt was taken away. The epoch rises: should the runner come back, its writes are refused. */
export async function loseAttempt(deps: Deps, held: HeldLease, lock: LockLease, message: string): Promise<boolean> {
  const isLost = await deps.database.lease.transaction(async (tx) => {
    const experiment = await lockExperiment(tx, held.experimentId);
    const lease = experiment === null ? null : await lock(tx, held);
    if (experiment === null || lease === null) return false;
    const trial = await lockTrial(tx, held.trialId);
    const job = await lockOpenJob(tx, held.trialId);
    if (trial === null || job === null) {
      await releaseLease(tx, held.trialId, { fence: true });
      return true;
    }
    const how = { outcome: 'LOST', cause: 'INFRASTRUCTURE', message, exitCode: null, signal: null } as const;
    await endAttempt(tx, deps, { experiment, trial, job, ...how, runnerDied: true, fence: true });
    return true;
  });
  if (isLost) deps.wakeups.notify(`experiment:${held.experimentId}`);
  return isLost;
}
