/** An agent says that it is there, and takes back what an earlier start of it had left behind. */
import { PlatformError } from '../../domain/errors.js';
import type { ResourcePoolId, RunnerId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { Principal, RunnerPrincipal } from '../../domain/roles.js';
import type { Gpu, Runner } from '../../domain/runner.js';
import type { Sql } from '../../store/database.js';
import { findHeldBy, lockLease } from '../../store/queries/lease.js';
import { findPoolByName } from '../../store/queries/pool.js';
import { findEarlierBoots, upsertRunner } from '../../store/queries/runner.js';
import { requireRunner } from '../authorize.js';
import { checkCount, checkText } from '../check.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';
import { loseAttempt } from '../job/lose-attempt.js';
import { once } from '../once.js';

export interface RegisterRunnerInput {
  /** Name of the pool; it must be the one that the key is for. */
  readonly pool: string;
  readonly name: string;
  readonly host: string;
  readonly slots: number;
  readonly gpus: readonly Gpu[];
  /** Another one at every start of the agent. */
  readonly bootId: string;
  readonly clientRequestId?: string | null;
}

const MOST_SLOTS = 10_000;
const MOST_GPUS = 1_024;

/**
 * The runner. Idempotent by key and boot id. A new boot of the same key and name loses the leases of the boots before at
 * once: their processes are gone, or will be fenced.
 * @throws FORBIDDEN unless the caller is a runner of this pool, NAME_INVALID, INPUT_INVALID.
 */
export async function registerRunner(deps: Deps, principal: Principal, input: RegisterRunnerInput): Promise<Runner> {
  const caller = requireRunner(principal);
  const poolId = await ownPool(deps, caller, input.pool);
  const row = {
    organizationId: caller.organizationId,
    poolId,
    keyId: caller.keyId,
    name: checkName(input.name, 'runner name'),
    host: checkText(input.host, 'host', 1_024),
    slots: checkCount(input.slots, 'slots', MOST_SLOTS),
    gpus: checkGpus(input.gpus),
    bootId: checkBootId(input.bootId),
  };
  const request = { operation: 'registerRunner', clientRequestId: input.clientRequestId, input };
  const { lease: lane } = deps.database;
  const insert = (tx: Sql) => upsertRunner(tx, { ...row, id: newId<RunnerId>(deps) });
  const runner = await once(deps, principal, request, insert, { lane });

  const earlier = await findEarlierBoots(lane.read, caller.keyId, runner);
  for (const lease of await findHeldBy(lane.read, earlier)) {
    await loseAttempt(deps, lease, lockIfHeldBy(earlier), `runner ${runner.name} was restarted`);
  }
  if (earlier.length > 0) deps.wakeups.notify(`pool:${poolId}`);
  return runner;
}

/** The lock of a lease that one of these runners still holds. */
function lockIfHeldBy(runnerIds: readonly RunnerId[]): Parameters<typeof loseAttempt>[2] {
  return async (tx, { trialId }) => {
    const lease = await lockLease(tx, trialId);
    return lease !== null && lease.runnerId !== null && runnerIds.includes(lease.runnerId) ? lease : null;
  };
}

async function ownPool(deps: Deps, caller: RunnerPrincipal, name: string): Promise<ResourcePoolId> {
  const pool = await findPoolByName(deps.database.lease.read, caller.organizationId, name);
  if (pool === null || pool.id !== caller.poolId) {
    throw new PlatformError('FORBIDDEN', `this runner key is not for a pool called ${name}; make a key for it`);
  }
  return pool.id;
}

function checkGpus(gpus: readonly Gpu[]): readonly Gpu[] {
  if (gpus.length > MOST_GPUS) throw new PlatformError('LIMIT_EXCEEDED', `a runner may have at most ${MOST_GPUS} GPUs`);
  if (new Set(gpus.map((gpu) => gpu.index)).size < gpus.length)
    throw new PlatformError('INPUT_INVALID', 'two GPUs have the same index');
  return gpus.map(({ index, uuid, name, memoryMiB }) => ({
    index: checkCount(index, 'index'),
    uuid: checkText(uuid, 'uuid', 256),
    name: checkText(name, 'GPU name', 256),
    memoryMiB: checkCount(memoryMiB, 'memoryMiB'),
  }));
}

function checkBootId(bootId: string): string {
  if (bootId === '')
    throw new PlatformError('INPUT_INVALID', 'bootId must not be empty: make a new one at every start');
  return checkText(bootId, 'bootId', 200);
}
