/** What a trial ends with, and that it is stored. Internal: call with the experiment, the trial's lease and the trial locked. */
import type { Experiment, Search } from '../../domain/experiment.js';
import type { FailureCause, Trial, TrialState } from '../../domain/trial.js';
import type { Sql } from '../../store/database.js';
import { advanceSequence } from '../../store/queries/experiment.js';
import { stampReports } from '../../store/queries/history.js';
import { bestValueBeside, endTrial, findObserved } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';
import { constraintValues, isBetter, objectiveValues, outcomeProblem, violationOf } from './objective-value.js';

export interface Conclusion {
  readonly state: TrialState;
  /** As told by a script, or null; `withObjective` completes it. */
  readonly value: number | null;
  /** The same of several objectives; absent or null with one. */
  readonly objectiveValues?: readonly (number | null)[] | null;
  /** Of the metrics with bounds, and by how much these are exceeded; absent or null without. */
  readonly constraintValues?: readonly number[] | null;
  readonly violation?: number | null;
  readonly cause: FailureCause | null;
  readonly message: string | null;
}

/** The conclusion of a COMPLETED or PRUNED trial with the values of its objectives, which may turn it into a failure. */
export async function withObjective(
  tx: Sql,
  experiment: Experiment,
  trial: Trial,
  ended: Conclusion,
): Promise<Conclusion> {
  const { search } = experiment;
  if (search === null) return ended;
  const { objectives, metricConstraints } = search;
  const metrics = [...objectives, ...metricConstraints].map(({ metric }) => metric);
  const observed = await findObserved(tx, trial.id, metrics);
  const values = objectiveValues(objectives, ended.objectiveValues ?? [ended.value], observed);
  const bounded = constraintValues(metricConstraints, observed);
  const worth = worthOf(search, values, bounded);
  const problem = outcomeProblem(search, values, bounded);
  if (ended.state !== 'COMPLETED' || problem === null) return { ...ended, ...worth };
  // Asked to stop, it ended politely with nothing to show: that is no failure.
  if (trial.stopReason !== null) return { ...ended, state: 'STOPPED', value: null, objectiveValues: null };
  return { ...worth, state: 'FAILED', cause: 'USER_CODE', message: problem };
}

/** What is stored of the values: several where there are several, and bounds once every one of them is known. */
function worthOf(
  { objectives, metricConstraints }: Search,
  values: readonly (number | null)[],
  bounded: readonly (number | null)[],
): Pick<Conclusion, 'value' | 'objectiveValues' | 'constraintValues' | 'violation'> {
  const known = bounded.filter((value) => value !== null);
  const isKnown = metricConstraints.length > 0 && known.length === bounded.length;
  return {
    value: values[0] ?? null,
    objectiveValues: objectives.length > 1 && values.some((value) => value !== null) ? values : null,
    constraintValues: isKnown ? known : null,
    violation: isKnown ? violationOf(metricConstraints, known) : null,
  };
}

/** Stores how a trial ended, and says so. Of an experiment that may go on use `endTrialAs`. */
export async function concludeTrial(
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
}

/** Of several objectives there is no best one, but a front, which is worked out when somebody asks for it. */
async function recordBest(tx: Sql, deps: Deps, experiment: Experiment, trial: Trial, end: Conclusion): Promise<void> {
  const { search } = experiment;
  if (search === null || search.objectives.length > 1 || search.replicates !== null) return;
  const { objective, metricConstraints } = search;
  const isBounded = metricConstraints.length > 0;
  if (end.state !== 'COMPLETED' || end.value === null || (isBounded && end.violation !== 0)) return;
  const other = await bestValueBeside(tx, experiment.id, trial.id, objective.goal, isBounded);
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
