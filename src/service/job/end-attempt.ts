/**
 * What happens when an attempt ends, whoever says so: job, trial, lease, next attempt, events, and perhaps the experiment.
 * Internal. Lock order, everywhere: runner row, experiment row, trial_lease, then trial and job rows.
 */
import type { Experiment } from '../../domain/experiment.js';
import { type AttemptOutcome, causeOf, endsInPause, trialStateAfter } from '../../domain/lifecycle.js';
import type { TrainingJob, TrainingJobState } from '../../domain/training-job.js';
import type { FailureCause, Trial, TrialState } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { countCauses, endJob } from '../../store/queries/job.js';
import { releaseLease } from '../../store/queries/lease.js';
import { requeueTrial } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { type Conclusion, withObjective } from '../trial/conclude-trial.js';
import { endTrialAs } from '../trial/end-trial.js';
import { pauseTrial } from '../trial/pause-trial.js';
import { queueJob } from './queue-job.js';

export interface AttemptResult {
  /** Row locked. */
  readonly experiment: Experiment;
  /** Row locked, after its lease. */
  readonly trial: Trial;
  /** The attempt's job, locked; null for a script's own attempt. */
  readonly job: TrainingJob | null;
  readonly outcome: AttemptOutcome;
  readonly cause: FailureCause | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The runner restarted or fell silent: counts towards POISON. */
  readonly runnerDied: boolean;
  /** Raises the epoch: for a holder that may still be alive. */
  readonly fence: boolean;
}

/** The trial's new state. */
export async function endAttempt(tx: Sql, deps: Deps, result: AttemptResult): Promise<TrialState> {
  const { experiment, trial, job } = result;
  const conclusion = endsInPause(trial) ? null : await conclude(tx, result);
  if (job !== null) await concludeJob(tx, deps, result, job);
  await releaseLease(tx, trial.id, { fence: result.fence });

  if (conclusion === null) await pauseTrial(tx, deps, experiment, trial);
  else if (conclusion.state === 'WAITING') await requeue(tx, deps, result);
  else await endTrialAs(tx, deps, experiment, trial, conclusion);
  return conclusion?.state ?? 'WAITING';
}

/** Decides; changes nothing. */
async function conclude(tx: Sql, result: AttemptResult): Promise<Conclusion> {
  const { experiment, trial, outcome, runnerDied } = result;
  const earlier = await countCauses(tx, trial.id, trial.attempt);
  const told = runnerDied ? 'POISON' : result.cause;
  const state = trialStateAfter({ outcome, cause: told, stopReason: trial.stopReason, earlier });
  const failed: Conclusion = {
    state,
    value: null,
    cause: causeOf(outcome, told),
    message: result.message ?? trial.message,
  };
  if (state === 'FAILED' && runnerDied)
    return { ...failed, message: `three runners died while they held it: ${failed.message ?? 'no message'}` };
  if (state !== 'COMPLETED' && state !== 'PRUNED')
    return state === 'FAILED' || state === 'WAITING' ? failed : { ...failed, cause: null };

  const { value, objectiveValues } = trial;
  return withObjective(tx, experiment, trial, { state, value, objectiveValues, cause: null, message: failed.message });
}

async function concludeJob(tx: Sql, deps: Deps, result: AttemptResult, job: TrainingJob): Promise<void> {
  const { experiment, trial, outcome, runnerDied } = result;
  const state: TrainingJobState = outcome === 'LOST' && job.state === 'TERMINATING' ? 'TERMINATED' : outcome;
  const cause = state === 'TERMINATED' ? null : causeOf(outcome, result.cause);
  await endJob(tx, {
    id: job.id,
    state,
    cause,
    message: result.message,
    exitCode: result.exitCode,
    signal: result.signal,
    runnerDied: runnerDied && state === 'LOST',
  });
  await recordChange(tx, { projectId: job.projectId, experimentId: experiment.id, kind: 'job', subjectId: job.id });
  await recordEvent(tx, deps, {
    projectId: job.projectId,
    experimentId: experiment.id,
    trialId: trial.id,
    jobId: job.id,
    kind: state === 'LOST' ? 'JOB_LOST' : 'JOB_ENDED',
    message: `trial ${trial.number}, attempt ${job.attempt}: ${state}${cause === null ? '' : ` (${cause})`}`,
    data: { attempt: job.attempt, state, cause },
  });
}

async function requeue(tx: Sql, deps: Deps, result: AttemptResult): Promise<void> {
  const { experiment, trial } = result;
  await requeueTrial(tx, trial.id, result.message);
  await recordChange(tx, {
    projectId: trial.projectId,
    experimentId: experiment.id,
    kind: 'trial',
    subjectId: trial.id,
  });
  await queueJob(tx, deps, experiment, trial, trial.attempt + 1);
  await recordEvent(tx, deps, {
    projectId: trial.projectId,
    experimentId: experiment.id,
    trialId: trial.id,
    kind: 'TRIAL_REQUEUED',
    message: `trial ${trial.number} waits for attempt ${trial.attempt + 1}${result.message === null ? '' : `: ${result.message}`}`,
    data: { attempt: trial.attempt + 1 },
  });
}

/** Ends a stopped trial that nobody works on, with its queued job if there is one. The rows are locked as for `endAttempt`. */
export async function endStopped(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: Trial,
  job: TrainingJob | null,
): Promise<void> {
  if (job !== null) {
    await endJob(tx, {
      id: job.id,
      state: 'TERMINATED',
      cause: null,
      message: null,
      exitCode: null,
      signal: null,
      runnerDied: false,
    });
    await recordChange(tx, { projectId: job.projectId, experimentId: experiment.id, kind: 'job', subjectId: job.id });
  }
  await endTrialAs(tx, deps, experiment, trial, { state: 'STOPPED', value: null, cause: null, message: trial.message });
}
