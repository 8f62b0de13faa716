/**
 * The pauses of a trial: at a rung it gives its place up and keeps its checkpoint, until a scheduler lets it go on. Internal: call
 * with the experiment, the trial's lease and the trial locked. All that decides what goes on is in the history.
 */
import type { Experiment } from '../../domain/experiment.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { advanceSequence } from '../../store/queries/experiment.js';
import { stampReports } from '../../store/queries/history.js';
import { findNewestCheckpoint, markPaused, markResumed } from '../../store/queries/pause.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';

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
  // What came during the pause stays in it.
  await stampReports(tx, experiment.id, trial.id);
  const position = await advanceSequence(tx, experiment.id);
  await markResumed(tx, trial.id, position);
  const message = `trial ${trial.number} goes on: ${reason}`;
  await record(tx, deps, experiment, trial, { kind: 'TRIAL_RESUMED', message, data: { position } });
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
