/** A script tells how its trial ended. Where a runner executes the trial, its exit decides, and the script's word is noted. */
import { PlatformError } from '../../domain/errors.js';
import type { TrialId } from '../../domain/ids.js';
import { isPaused, isTrialFinished } from '../../domain/lifecycle.js';
import type { Principal } from '../../domain/roles.js';
import type { FailureCause, Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { lockOpenJob } from '../../store/queries/job.js';
import { releaseLease } from '../../store/queries/lease.js';
import { notePauseObeyed } from '../../store/queries/pause.js';
import { noteTold, requestStop } from '../../store/queries/trial.js';
import { checkId, checkOptionalText } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange } from '../event/record.js';
import { stopIfFailing } from '../experiment/stop-failing.js';
import { once } from '../once.js';
import { type Conclusion, withObjective } from './conclude-trial.js';
import { endTrialAs } from './end-trial.js';
import { reloadTrial } from './load-trials.js';
import { type LockedTrial, lockWritableTrial } from './lock-trial.js';
import { pauseTrial } from './pause-trial.js';

export interface FinishTrialInput {
  readonly trialId: string;
  readonly attempt: number;
  /** PAUSED: it was asked to pause, has saved its checkpoint and ends for now. */
  readonly state: 'COMPLETED' | 'PRUNED' | 'FAILED' | 'STOPPED' | 'PAUSED';
  /** The objective's value; absent: what was reported decides. NaN and infinities are allowed. */
  readonly value?: number | null;
  /** The same of several objectives, in their order; null where what was reported decides. In place of `value`. */
  readonly objectiveValues?: readonly (number | null)[] | null;
  readonly message?: string | null;
  /** Of a failure; absent: USER_CODE. */
  readonly cause?: FailureCause | null;
  readonly clientRequestId?: string | null;
}

/**
 * The trial after it. Telling the same end again changes nothing. With a search, COMPLETED without a value, or with NaN,
 * becomes FAILED (USER_CODE).
 * @throws NOT_FOUND, FORBIDDEN, INPUT_INVALID unless there is a value for each objective, STATE_CONFLICT for a superseded
 * attempt, a trial that does not run or ended otherwise, and for PAUSED when it was not asked to.
 */
export async function finishTrial(deps: Deps, principal: Principal, input: FinishTrialInput): Promise<Trial> {
  const trialId = checkId<TrialId>(input.trialId, 'trial');
  const message = checkOptionalText(input.message, 'message');
  const request = { operation: 'finishTrial', clientRequestId: input.clientRequestId, input };
  const experimentId = await once(deps, principal, request, async (tx) => {
    const locked = await lockWritableTrial(tx, principal, trialId);
    requireCurrent(principal, locked, input.attempt);
    if (!isEndedAlike(locked.trial, input.state)) await finish(tx, deps, locked, { ...input, message });
    return locked.experiment.id;
  });
  deps.wakeups.notify(`experiment:${experimentId}`);
  const trial = await reloadTrial(deps, principal, trialId);
  if (trial.state === 'FAILED' && trial.cause === 'USER_CODE') await stopIfFailing(deps, experimentId);
  return trial;
}

function requireCurrent(principal: Principal, { trial, lease }: LockedTrial, attempt: number): void {
  const isOlderEpoch = principal.kind === 'trial' && principal.epoch !== lease.epoch;
  if (attempt === lease.attempt && !isOlderEpoch) return;
  const message = `attempt ${attempt} of trial ${trial.number} is not the current one, which is ${lease.attempt}`;
  throw new PlatformError('STATE_CONFLICT', message, { attempt: lease.attempt, state: trial.state });
}

/** Whether the trial has ended in this way already. @throws STATE_CONFLICT when it ended otherwise, or does not run. */
function isEndedAlike(trial: Trial, state: FinishTrialInput['state']): boolean {
  if (trial.state === 'RUNNING') return false;
  if (trial.state === state || (state === 'PAUSED' && isPaused(trial))) return true;
  const what = isTrialFinished(trial.state) ? `it cannot become ${state}` : 'start it first';
  throw new PlatformError('STATE_CONFLICT', `trial ${trial.number} is ${trial.state}: ${what}`, {
    state: trial.state,
    attempt: trial.attempt,
  });
}

type Told = Pick<FinishTrialInput, 'state' | 'value' | 'objectiveValues' | 'cause'> & {
  readonly message: string | null;
};

interface ToldValues {
  readonly value: number | null;
  readonly objectiveValues: readonly (number | null)[] | null;
}

/** What was told, as it is stored: one value, and all of them where there are several objectives. */
function valuesOf({ search }: LockedTrial['experiment'], { value = null, objectiveValues = null }: Told): ToldValues {
  const count = search?.objectives.length ?? 1;
  if (objectiveValues !== null && value !== null)
    throw new PlatformError('INPUT_INVALID', 'give value or objectiveValues, not both');
  if (objectiveValues !== null && objectiveValues.length !== count)
    throw new PlatformError(
      'INPUT_INVALID',
      `objectiveValues has ${objectiveValues.length} of ${count} values: give one per objective, null where it was reported`,
    );
  const values = objectiveValues ?? [value];
  const isTold = count > 1 && values.some((one) => one !== null);
  return {
    value: values[0] ?? null,
    objectiveValues: isTold ? Array.from({ length: count }, (_, i) => values[i] ?? null) : null,
  };
}

async function finish(tx: Sql, deps: Deps, { experiment, trial }: LockedTrial, told: Told): Promise<void> {
  const values = valuesOf(experiment, told);
  const job = await lockOpenJob(tx, trial.id);
  if (told.state === 'PAUSED' && trial.stopReason === null) requireAskedToPause(trial);
  if (job !== null) {
    if (told.state === 'PAUSED') await notePauseObeyed(tx, trial.id);
    await noteTold(tx, trial.id, { ...values, message: told.message });
    // Training code that prunes itself and then exits cleanly was pruned, not completed.
    if (told.state === 'PRUNED')
      await requestStop(tx, trial.id, 'PRUNER', told.message ?? 'pruned by the training code');
    await recordChange(tx, {
      projectId: trial.projectId,
      experimentId: experiment.id,
      kind: 'trial',
      subjectId: trial.id,
    });
    return;
  }
  await releaseLease(tx, trial.id, { fence: false });
  if (told.state === 'PAUSED' && trial.stopReason === null) return pauseTrial(tx, deps, experiment, trial);
  await endTrialAs(tx, deps, experiment, trial, await concludeTold(tx, experiment, trial, told, values));
}

/** @throws STATE_CONFLICT: nothing would resume a trial that no scheduler asked to pause. */
function requireAskedToPause(trial: Trial): void {
  if (trial.pausing !== null) return;
  const message = `trial ${trial.number} was not asked to pause: go on, or end it in another way`;
  throw new PlatformError('STATE_CONFLICT', message, { state: trial.state, attempt: trial.attempt });
}

async function concludeTold(
  tx: Sql,
  experiment: LockedTrial['experiment'],
  trial: Trial,
  told: Told,
  values: ToldValues,
): Promise<Conclusion> {
  // Asked to stop since, one that meant to pause ends for good.
  const said = told.state === 'PAUSED' ? 'STOPPED' : told.state;
  const isPruned = trial.stopReason === 'PRUNER' && (told.state === 'COMPLETED' || told.state === 'PAUSED');
  const state = isPruned ? 'PRUNED' : said;
  const nothing: Conclusion = { state, value: null, cause: null, message: told.message };
  if (state === 'FAILED') return { ...nothing, cause: told.cause ?? 'USER_CODE' };
  if (state === 'STOPPED') return nothing;
  return withObjective(tx, experiment, trial, { ...nothing, ...values });
}
