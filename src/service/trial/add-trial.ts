/** Makes a WAITING trial with the next number. Internal: call with the experiment's row locked. */
import type { Experiment } from '../../domain/experiment.js';
import type { TrialId } from '../../domain/ids.js';
import type { Params, TrialExplanation } from '../../domain/trial.js';
import { ENGINE_VERSION } from '../../search/engine-version.js';
import { replicateSeed } from '../../search/replicates.js';
import type { Proposal } from '../../search/samplers/proposal.js';
import type { Sql } from '../../store/database.js';
import { advanceForTrial } from '../../store/queries/experiment.js';
import { findNextPlace, findPlace, insertTrial, type TrialPlace } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';
import { newId } from '../ids.js';
import { queueJob } from '../job/queue-job.js';

export interface TrialDraft {
  readonly params: Params;
  /** Sampler kind, or `user`. */
  readonly proposedBy: string;
  /** Null where a person chose the params. */
  readonly explanation: TrialExplanation | null;
  readonly name: string | null;
  readonly tags: readonly string[];
  /** Whether runners should execute it: has no effect in an experiment without an algorithm. */
  readonly queued: boolean;
  /** Number of a trial whose point is tried again. Absent: only equal params tell. */
  readonly point?: number;
}

/** The trial that a sampler proposed. */
export function draftOf({ params, by, explanation, version, point }: Proposal): Omit<TrialDraft, 'queued'> {
  const engine = version === undefined ? ENGINE_VERSION : `${ENGINE_VERSION} ${version}`;
  const draft = { params, proposedBy: by, explanation: { ...explanation, engine }, name: null, tags: [] };
  return point === undefined ? draft : { ...draft, point };
}

/** The new trial's id and number. */
export async function addTrial(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  draft: TrialDraft,
): Promise<{ readonly id: TrialId; readonly number: number }> {
  const { projectId } = experiment;
  const { number, sequence } = await advanceForTrial(tx, experiment.id);
  const trial = { id: newId<TrialId>(deps), number };
  await insertTrial(tx, {
    id: trial.id,
    projectId,
    experimentId: experiment.id,
    number,
    name: draft.name,
    params: draft.params,
    tags: draft.tags,
    proposedBy: draft.proposedBy,
    explanation: draft.explanation,
    askedAt: sequence,
    place: await placeOf(tx, experiment, number, draft),
  });
  const message = `trial ${number} was ${draft.proposedBy === 'user' ? 'created' : `proposed by ${draft.proposedBy}`}`;
  await recordEvent(
    tx,
    deps,
    { projectId, experimentId: experiment.id, trialId: trial.id, kind: 'TRIAL_CREATED', message },
    [{ projectId, experimentId: experiment.id, kind: 'trial', subjectId: trial.id }],
  );
  if (draft.queued) await queueJob(tx, deps, experiment, trial, 1);
  return trial;
}

/** Among the trials of its point, where there may be several; null in experiments without replicates. */
async function placeOf(
  tx: Sql,
  { id, search }: Experiment,
  number: number,
  { params, point }: TrialDraft,
): Promise<TrialPlace | null> {
  if (search === null || search.replicates === null) return null;
  // A revision may complete the params that a point had before: by them it would not be found.
  const known = point === undefined ? null : await findNextPlace(tx, id, point);
  const place = known ?? (await findPlace(tx, id, params)) ?? { point: number, replicate: 0 };
  return { ...place, seed: replicateSeed(search.seed, place.replicate) };
}
