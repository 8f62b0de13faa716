import type { ProjectId, ResourcePoolId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { TrainingJob, TrainingJobState } from '../../domain/training-job.js';
import { countJobs, type JobFilter, listJobs } from '../../store/queries/job.js';
import { scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';

export interface ListTrainingJobsInput extends PageInput {
  readonly projectId?: string | null;
  readonly poolId?: string | null;
  readonly trialId?: string | null;
  readonly states?: readonly TrainingJobState[] | null;
}

/** Visible jobs that match all that is given, newest first. @throws NOT_FOUND for malformed ids, CURSOR_INVALID. */
export async function listTrainingJobs(
  deps: Deps,
  principal: Principal,
  input: ListTrainingJobsInput,
): Promise<Page<TrainingJob>> {
  const scope = scopeOf(principal);
  const { read } = deps.database;
  const filter: JobFilter = {
    projectId: input.projectId ? checkId<ProjectId>(input.projectId, 'project') : null,
    poolId: input.poolId ? checkId<ResourcePoolId>(input.poolId, 'pool') : null,
    trialId: input.trialId ? checkId<TrialId>(input.trialId, 'trial') : null,
    states: input.states ?? null,
  };
  return pageById(
    'trainingJobs',
    input,
    (keyset) => listJobs(read, scope, filter, keyset),
    () => countJobs(read, scope, filter),
  );
}
