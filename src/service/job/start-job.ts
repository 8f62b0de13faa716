/** A runner says that the process of a job is up. */
import type { TrainingJobId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { TrainingJob } from '../../domain/training-job.js';
import type { Sql } from '../../store/database.js';
import { markJobStarted } from '../../store/queries/job.js';
import { requireRunner } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { once } from '../once.js';
import { findOwnJob, lockAttempt } from './lock-attempt.js';

export interface StartJobInput {
  readonly jobId: string;
  readonly epoch: number;
  readonly clientRequestId?: string | null;
}

/** A typed result: FENCED means that a newer attempt owns the trial, and that nothing was changed. */
export interface JobWrite {
  readonly outcome: 'ACCEPTED' | 'FENCED';
  readonly job: TrainingJob;
}

/** Idempotent: a job that runs already is left as it is. @throws FORBIDDEN, NOT_FOUND. */
export async function startJob(deps: Deps, principal: Principal, input: StartJobInput): Promise<JobWrite> {
  const caller = requireRunner(principal);
  const jobId = checkId<TrainingJobId>(input.jobId, 'training job');
  const request = { operation: 'startJob', clientRequestId: input.clientRequestId, input };
  const work = async (tx: Sql): Promise<JobWrite['outcome']> => {
    const locked = await lockAttempt(tx, caller, jobId, input.epoch);
    if (locked === null) return 'FENCED';
    const { experiment, trial, job } = locked;
    if (!(await markJobStarted(tx, jobId))) return 'ACCEPTED';
    const subject = { projectId: job.projectId, experimentId: experiment.id };
    await recordChange(tx, { ...subject, kind: 'job', subjectId: jobId });
    const message = `trial ${trial.number} runs, attempt ${job.attempt}`;
    await recordEvent(tx, deps, {
      ...subject,
      trialId: trial.id,
      jobId,
      kind: 'JOB_STARTED',
      message,
      data: { attempt: job.attempt },
    });
    return 'ACCEPTED';
  };
  const outcome = await once(deps, principal, request, work, { lane: deps.database.lease });
  const job = await findOwnJob(deps.database.lease.read, caller, jobId);
  deps.wakeups.notify(`experiment:${job.experimentId}`);
  return { outcome, job };
}
