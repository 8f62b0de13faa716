import { isId, type TrainingJobId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { TrainingJob } from '../../domain/training-job.js';
import type { Deps } from '../deps.js';
import { loadTrainingJobs } from './load-training-jobs.js';

/** The job, null when it does not exist or is not visible. A runner sees the jobs that it has leased. */
export async function findTrainingJob(deps: Deps, principal: Principal, id: string): Promise<TrainingJob | null> {
  if (!isId(id)) return null;
  const [job] = await loadTrainingJobs(deps, principal, [id as TrainingJobId]);
  return job ?? null;
}
