/** Jobs for the edges of a graph: many ids, one statement. */
import type { TrainingJobId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { TrainingJob } from '../../domain/training-job.js';
import { findJobs, findJobsOfRunnerKey, listJobsOfTrials } from '../../store/queries/job.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId } from '../in-order.js';

/** Per id the job, null where it is not visible. A runner sees the jobs that it has leased. */
export async function loadTrainingJobs(
  deps: Deps,
  principal: Principal,
  ids: readonly TrainingJobId[],
): Promise<(TrainingJob | null)[]> {
  const { read } = deps.database;
  const jobs =
    principal.kind === 'runner'
      ? await findJobsOfRunnerKey(read, principal.keyId, ids)
      : await findJobs(read, scopeOf(principal), ids);
  return byId(ids, jobs);
}

/** Per trial its visible jobs, by attempt. */
export async function loadJobsByTrial(
  deps: Deps,
  principal: Principal,
  trialIds: readonly TrialId[],
): Promise<TrainingJob[][]> {
  const jobs = await listJobsOfTrials(deps.database.read, scopeOf(principal), trialIds);
  return trialIds.map((trialId) => jobs.filter((job) => job.trialId === trialId));
}
