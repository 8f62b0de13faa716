/** How a trial ends for good. Internal: call with the experiment, the trial's lease and the trial locked. */
import type { Experiment } from '../../domain/experiment.js';
import type { FailureCause, Trial, TrialState } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { advanceSequence } from '../../store/queries/experiment.js';
import { stampReports } from '../../store/queries/history.js';
import { bestValueBeside, endTrial, findObjective } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';
import { completeIfSpent } from '../experiment/complete-experiment.js';
import { isBetter, objectiveProblem, objectiveValue } from './objective-value.js';

export interface Conclusion {
  readonly state: TrialState;
  /** As told by a script, or null; `withObjective` completes it. */
  readonly value: number | null;
  readonly cause: FailureCause | null;
  readonly message: string | null;
}

/** The conclusion of a COMPLETED or PRUNED trial with the value of its objective, which may turn it into a failure. */
export async function withObjective(
  tx: Sql,
  experiment: Experiment,
  trial: Trial,
  ended: Conclusion,
): Promise<Conclusion> {
  const objective = experiment.search?.objective;
  if (objective === undefined) return ended;
  const value = objectiveValue(objective, ended.value, await findObjective(tx, trial.id, objective.metric));
  const problem = objectiveProblem(objective, value);
  if (ended.state !== 'COMPLETED' || problem === null) return { ...ended, value };
  // Asked to stop, it ended politely with nothing to show: that is no failure.
  if (trial.stopReason !== null) return { ...ended, state: 'STOPPED', value: null };
  return { state: 'FAILED', value, cause: 'USER_CODE', message: problem };
}

/** Stores how a trial ended, says so, and completes the experiment when that was the last of it. */
export async function endTrialAs(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  trial: Trial,
  end: Conclusion,
): Promise<void> {
  // What was reported before the end is part of the trial; what is on its way still is not.
  await stampReports(tx, experiment.id, trial.id);
  const endedSequence = await advanceSequence(tx, experiment.id);
  await endTrial(tx, { id: trial.id, ...end, endedSequence });
  const { projectId } = trial;
  const message = `trial ${trial.number} ${end.state}${end.cause === null ? '' : ` (${end.cause})`}${end.message === null ? '' : `: ${end.message}`}`;
  const data = {
    state: end.state,
    cause: end.cause,
    value: end.value !== null && Number.isFinite(end.value) ? end.value : null,
  };
  await recordEvent(
    tx,
    deps,
    { projectId, experimentId: experiment.id, trialId: trial.id, kind: 'TRIAL_ENDED', message, data },
    [{ projectId, experimentId: experiment.id, kind: 'trial', subjectId: trial.id }],
  );
  await recordBest(tx, deps, experiment, trial, end);
  await completeIfSpent(tx, deps, experiment);
}

async function recordBest(tx: Sql, deps: Deps, experiment: Experiment, trial: Trial, end: Conclusion): Promise<void> {
  const objective = experiment.search?.objective;
  if (objective === undefined || end.state !== 'COMPLETED' || end.value === null) return;
  const other = await bestValueBeside(tx, experiment.id, trial.id, objective.goal);
  if (!isBetter(objective, end.value, other)) return;
  await recordEvent(tx, deps, {
    projectId: trial.projectId,
    experimentId: experiment.id,
    trialId: trial.id,
    kind: 'TRIAL_BEST',
    message: `trial ${trial.number} is the best so far: ${objective.metric} = ${end.value}`,
    data: { value: end.value, previous: other },
  });
}
