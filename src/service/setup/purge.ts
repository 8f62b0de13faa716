/**
 * Removes what was deleted, in steps that are short and start anew after any end: what is left says what to do next.
 * `main/` calls it now and then; several servers may do so at once, one of them works.
 */
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import { deleteArtifact, lockStorageKey } from '../../store/queries/artifact.js';
import {
  deleteEmptyExperiment,
  deleteEmptyProject,
  deleteEmptyTrial,
  deleteEvents,
  deleteMetricKeys,
  deleteReports,
  findArtifactsOf,
  findDeletedTrials,
  findEmptyExperiments,
  findEmptyProjects,
  findStreams,
} from '../../store/queries/purge.js';
import type { Deps } from '../deps.js';
import { emptyStream, inSteps, LATER, type Step, stepsFor } from './empty-stream.js';

export interface PurgeOptions {
  /** How long to work, give or take one step. */
  readonly maxMs: number;
}

export interface Purged {
  /** Trials of which nothing is left. */
  readonly trials: number;
  /** Whether it stopped for want of time, or since another server purges. */
  readonly more: boolean;
}

/** Small rows: a step takes milliseconds. */
const LIGHT_AT_ONCE = 5_000;
const FOUND_AT_ONCE = 100;

/** Internal: no principal, for timers. */
export async function purge(deps: Deps, { maxMs }: PurgeOptions): Promise<Purged> {
  const step = stepsFor(deps, maxMs);
  let trials = 0;
  try {
    for (let found = await findTrials(deps); found.length > 0; found = await findTrials(deps)) {
      for (const id of found) {
        await purgeTrial(deps, step, id);
        trials++;
      }
    }
    for (let found = await findExperiments(deps); found.length > 0; found = await findExperiments(deps))
      for (const id of found) await step((tx) => deleteEmptyExperiment(tx, id));
    for (const id of await findEmptyProjects(deps.database.read)) await purgeProject(step, id);
  } catch (error) {
    if (error !== LATER) throw error;
    return { trials, more: true };
  }
  return { trials, more: false };
}

const findTrials = (deps: Deps): Promise<TrialId[]> => findDeletedTrials(deps.database.read, FOUND_AT_ONCE);
const findExperiments = (deps: Deps): Promise<ExperimentId[]> =>
  findEmptyExperiments(deps.database.read, FOUND_AT_ONCE);

async function purgeTrial(deps: Deps, step: Step, id: TrialId): Promise<void> {
  for (const of of ['metric_stream', 'log_stream'] as const)
    for (const stream of await findStreams(deps.database.read, id, of)) await emptyStream(step, of, stream);
  await inSteps(step, LIGHT_AT_ONCE, (tx, limit) => deleteReports(tx, id, limit));
  await purgeArtifacts(deps, step, id);
  await step((tx) => deleteEmptyTrial(tx, id));
}

/** Bytes go with the last artifact that has them; should we die in between, the row is there to try again. */
async function purgeArtifacts(deps: Deps, step: Step, id: TrialId): Promise<void> {
  for (;;) {
    const found = await findArtifactsOf(deps.database.read, id, FOUND_AT_ONCE);
    if (found.length === 0) return;
    for (const artifact of found) {
      await step(async (tx) => {
        await lockStorageKey(tx, artifact.storageKey);
        const { isLast } = await deleteArtifact(tx, artifact);
        if (isLast) await deps.blobs.delete(artifact.storageKey);
      });
    }
  }
}

async function purgeProject(step: Step, id: ProjectId): Promise<void> {
  await inSteps(step, LIGHT_AT_ONCE, (tx, limit) => deleteEvents(tx, id, limit));
  await inSteps(step, LIGHT_AT_ONCE, (tx, limit) => deleteMetricKeys(tx, id, limit));
  await step((tx) => deleteEmptyProject(tx, id));
}
