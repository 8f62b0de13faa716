/**
 * Somebody asks a trial to end. A waiting one ends at once, and so does one whose script is gone: nobody else would end it.
 * A running one hears of it with its next heartbeat or ack.
 */
import { contactOf } from '../../domain/contact.js';
import type { Experiment } from '../../domain/experiment.js';
import type { TrialId } from '../../domain/ids.js';
import { isTrialFinished } from '../../domain/lifecycle.js';
import type { Principal } from '../../domain/roles.js';
import type { StopReason, Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { lockOpenJob, markJobTerminating } from '../../store/queries/job.js';
import { requestStop } from '../../store/queries/trial.js';
import { checkId, checkOptionalText } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { endStopped } from '../job/end-attempt.js';
import { once } from '../once.js';
import { reloadTrial } from './load-trials.js';
import { lockWritableTrial } from './lock-trial.js';

export interface StopTrialInput {
  readonly id: string;
  /** Shown to whoever wonders why it ended. */
  readonly reason?: string | null;
  readonly clientRequestId?: string | null;
}

/** The trial, stopped or asked to stop; one that has ended stays as it is. @throws NOT_FOUND, FORBIDDEN, LIMIT_EXCEEDED. */
export async function stopTrial(deps: Deps, principal: Principal, input: StopTrialInput): Promise<Trial> {
  const id = checkId<TrialId>(input.id, 'trial');
  const reason = checkOptionalText(input.reason, 'reason', 4_096);
  const request = { operation: 'stopTrial', clientRequestId: input.clientRequestId, input };
  const experimentId = await once(deps, principal, request, async (tx) => {
    const { experiment, trial } = await lockWritableTrial(tx, principal, id);
    await stopLockedTrial(tx, deps, experiment, trial, 'USER', reason);
    return experiment.id;
  });
  deps.wakeups.notify(`experiment:${experimentId}`);
  return reloadTrial(deps, principal, id);
}

/** Internal: the experiment and the trial's lease are locked. */
export async function stopLockedTrial(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: Trial,
  reason: StopReason,
  message: string | null,
): Promise<void> {
  if (isTrialFinished(trial.state)) return;
  const isNew = await requestStop(tx, trial.id, reason, message);
  const job = await lockOpenJob(tx, trial.id);
  const isAbandoned = job === null && contactOf(trial, deps.clock.now()) === 'LOST';
  if (trial.state === 'WAITING' || isAbandoned) return endStopped(tx, deps, experiment, trial, job);
  if (!isNew) return;

  const { projectId } = trial;
  await recordChange(tx, { projectId, experimentId: experiment.id, kind: 'trial', subjectId: trial.id });
  if (job !== null) {
    await markJobTerminating(tx, job.id);
    await recordChange(tx, { projectId, experimentId: experiment.id, kind: 'job', subjectId: job.id });
  }
  await recordEvent(tx, deps, {
    projectId,
    experimentId: experiment.id,
    trialId: trial.id,
    kind: 'TRIAL_STOP_REQUESTED',
    message: `trial ${trial.number} is asked to stop${message === null ? '' : `: ${message}`}`,
    data: { reason },
  });
}
