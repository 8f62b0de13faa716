/** Runners for the edges of a graph: many ids, one statement. */
import type { ResourcePoolId, RunnerId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Runner } from '../../domain/runner.js';
import type { TrainingJob } from '../../domain/training-job.js';
import { listOpenJobsOfRunners } from '../../store/queries/job.js';
import { findRunners, listRunnersOfPools } from '../../store/queries/runner.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byId } from '../in-order.js';

/** Per id the runner, null where there is none in the organization. */
export async function loadRunners(
  deps: Deps,
  principal: Principal,
  ids: readonly RunnerId[],
): Promise<(Runner | null)[]> {
  return byId(ids, await findRunners(deps.database.read, principal.organizationId, ids));
}

/** Per pool the runners heard from in the last day, newest first; none to runners and trials. */
export async function loadRunnersByPool(
  deps: Deps,
  principal: Principal,
  poolIds: readonly ResourcePoolId[],
): Promise<Runner[][]> {
  if (principal.kind === 'runner' || principal.kind === 'trial') return poolIds.map(() => []);
  const runners = await listRunnersOfPools(deps.database.read, principal.organizationId, poolIds);
  return poolIds.map((poolId) => runners.filter((runner) => runner.poolId === poolId));
}

/** Per runner its visible jobs that have not ended. */
export async function loadJobsByRunner(
  deps: Deps,
  principal: Principal,
  runnerIds: readonly RunnerId[],
): Promise<TrainingJob[][]> {
  const jobs = await listOpenJobsOfRunners(deps.database.read, scopeOf(principal), runnerIds);
  return runnerIds.map((runnerId) => jobs.filter((job) => job.runnerId === runnerId));
}
