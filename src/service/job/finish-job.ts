/** A runner says how an attempt ended; what becomes of the trial is decided by `domain/lifecycle`. */
import type { TrainingJobId } from '../../domain/ids.js';
import type { AttemptOutcome } from '../../domain/lifecycle.js';
import type { Principal } from '../../domain/roles.js';
import type { FailureCause } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { requireRunner } from '../authorize.js';
import { checkId, checkOptionalText } from '../check.js';
import type { Deps } from '../deps.js';
import { stopIfFailing } from '../experiment/stop-failing.js';
import { once } from '../once.js';
import { endAttempt } from './end-attempt.js';
import { findOwnJob, lockAttempt } from './lock-attempt.js';
import type { JobWrite } from './start-job.js';

export interface FinishJobInput {
  readonly jobId: string;
  readonly epoch: number;
  readonly outcome: AttemptOutcome;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly cause?: FailureCause | null;
  readonly message?: string | null;
  readonly clientRequestId?: string | null;
}

/**
 * Fenced by epoch: with an older one, or when the job has ended already, nothing changes. The epoch stays, so that points
 * still on their way are welcome.
 * @throws FORBIDDEN, NOT_FOUND, LIMIT_EXCEEDED.
 */
export async function finishJob(deps: Deps, principal: Principal, input: FinishJobInput): Promise<JobWrite> {
  const caller = requireRunner(principal);
  const jobId = checkId<TrainingJobId>(input.jobId, 'training job');
  const message = checkOptionalText(input.message, 'message');
  const request = { operation: 'finishJob', clientRequestId: input.clientRequestId, input };
  let hasFailed = false;
  const work = async (tx: Sql): Promise<JobWrite['outcome']> => {
    const locked = await lockAttempt(tx, caller, jobId, input.epoch);
    if (locked === null) return 'FENCED';
    const { outcome, cause = null, exitCode = null, signal = null } = input;
    const state = await endAttempt(tx, deps, {
      ...locked,
      outcome,
      cause,
      message,
      exitCode,
      signal,
      runnerDied: false,
      fence: false,
    });
    hasFailed = state === 'FAILED';
    return 'ACCEPTED';
  };
  const outcome = await once(deps, principal, request, work, { lane: deps.database.lease });
  const job = await findOwnJob(deps.database.lease.read, caller, jobId);
  deps.wakeups.notify(`experiment:${job.experimentId}`);
  deps.wakeups.notify(`pool:${job.poolId}`);
  if (hasFailed) await stopIfFailing(deps, job.experimentId);
  return { outcome, job };
}
