/**
 * The pauses of a trial: at a rung it gives its place up and keeps its checkpoint, until a scheduler lets it go on. Internal: call
 * with the experiment, the trial's lease and the trial locked. All that decides what goes on is in the history.
 */
import type { Experiment } from '../../domain/experiment.js';
import { isPaused } from '../../domain/lifecycle.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { advanceSequence } from '../../store/queries/experiment.js';
import { stampReports } from '../../store/queries/history.js';
import { lockLeasesOf } from '../../store/queries/lease.js';
import { findNewestCheckpoint, markPaused, markResumed } from '../../store/queries/pause.js';
import { listOpenTrials, requestStop } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';
import { endTrialAs, withObjective } from './end-trial.js';

/** The trial waits at its rung: no job is queued, and it takes no place among those that may run at once. */
export async function pauseTrial(tx: Sql, deps: Deps, experiment: Experiment, trial: Trial): Promise<void> {
  // What was reported before the pause is known at its rung; what is on its way still is not.
  await stampReports(tx, experiment.id, trial.id);
  const position = await advanceSequence(tx, experiment.id);
  await markPaused(tx, trial.id, position);
  const checkpointId = await findNewestCheckpoint(tx, trial.id);
  const from = checkpointId === null ? 'it saved no checkpoint and would begin anew' : 'its checkpoint is kept';
  await record(tx, deps, experiment, trial, {
    kind: 'TRIAL_PAUSED',
    message: `trial ${trial.number} is paused: ${trial.pausing}; ${from}`,
    data: { position, checkpointId },
  });
}

/** The trial may run again; the caller says by whom. */
export async function resumeTrial(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: Trial,
  reason: string,
): Promise<void> {
  const position = await advanceSequence(tx, experiment.id);
  await markResumed(tx, trial.id, position);
  const message = `trial ${trial.number} goes on: ${reason}`;
  await record(tx, deps, experiment, trial, { kind: 'TRIAL_RESUMED', message, data: { position } });
}

/** Nothing will resume it any more: it ends as PRUNED with what it has reported. */
export async function prunePaused(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: Trial,
  why: string,
): Promise<void> {
  const message = `paused (${trial.message ?? 'for an unknown reason'}), ${why}`;
  await requestStop(tx, trial.id, 'PRUNER', message);
  const end = await withObjective(tx, experiment, trial, { state: 'PRUNED', value: null, cause: null, message });
  await endTrialAs(tx, deps, experiment, trial, end);
}

/** Ends all that are paused in an experiment that is over. Call with the experiment locked, and nothing that belongs to it. */
export async function pruneAllPaused(tx: Sql, deps: Deps, experiment: Experiment): Promise<void> {
  await lockLeasesOf(tx, experiment.id);
  for (const trial of (await listOpenTrials(tx, experiment.id)).filter(isPaused))
    await prunePaused(tx, deps, experiment, trial, 'the search ended');
}

interface Happening {
  readonly kind: 'TRIAL_PAUSED' | 'TRIAL_RESUMED';
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

async function record(tx: Sql, deps: Deps, { id }: Experiment, trial: Trial, what: Happening): Promise<void> {
  const { projectId } = trial;
  await recordEvent(tx, deps, { projectId, experimentId: id, trialId: trial.id, ...what }, [
    { projectId, experimentId: id, kind: 'trial', subjectId: trial.id },
  ]);
}
