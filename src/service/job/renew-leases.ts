/** The heartbeat of a runner: what it still holds, and what it should end. Idempotent by nature. */
import { PlatformError } from '../../domain/errors.js';
import type { RunnerId, TrainingJobId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { renewLeaseRows } from '../../store/queries/lease.js';
import { touchOwnRunner } from '../../store/queries/runner.js';
import { requireRunner } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';

export interface RenewLeasesInput {
  readonly runnerId: string;
  readonly leases: readonly { readonly jobId: string; readonly epoch: number }[];
}

export interface LeaseOrder {
  readonly jobId: TrainingJobId;
  /** FENCED: somebody else owns the trial now; end the process and write nothing. */
  readonly outcome: 'RENEWED' | 'FENCED';
  readonly stop: boolean;
  readonly reason: string | null;
}

export interface RunnerOrders {
  readonly leases: readonly LeaseOrder[];
  /** Take no new work. */
  readonly drain: boolean;
}

const MOST_LEASES = 1_000;

/**
 * One order for each lease named, in the same order. A lapsed lease that nobody reclaimed is renewed.
 * @throws FORBIDDEN unless the caller is a runner, NOT_FOUND unless it registered with this key, LIMIT_EXCEEDED.
 */
export async function renewLeases(deps: Deps, principal: Principal, input: RenewLeasesInput): Promise<RunnerOrders> {
  const caller = requireRunner(principal);
  const runnerId = checkId<RunnerId>(input.runnerId, 'runner');
  if (input.leases.length > MOST_LEASES)
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${MOST_LEASES} leases at once`);
  const asked = input.leases.map(({ jobId, epoch }) => ({
    jobId: checkId<TrainingJobId>(jobId, 'training job'),
    epoch,
  }));

  return deps.database.vital.transaction(async (tx) => {
    const runner = await touchOwnRunner(tx, caller.keyId, runnerId);
    if (runner === null)
      throw new PlatformError('NOT_FOUND', `there is no runner ${runnerId} of this key; register first`);
    const renewed = new Map(
      (await renewLeaseRows(tx, runnerId, asked, runner.leaseSeconds)).map((row) => [row.jobId, row]),
    );
    const leases = asked.map(({ jobId }): LeaseOrder => {
      const row = renewed.get(jobId);
      if (row === undefined) return { jobId, outcome: 'FENCED', stop: true, reason: 'another attempt owns the trial' };
      const stop = row.stopReason !== null || row.jobState === 'TERMINATING';
      return { jobId, outcome: 'RENEWED', stop, reason: stop ? (row.stopMessage ?? row.stopReason) : null };
    });
    return { leases, drain: runner.draining };
  });
}
