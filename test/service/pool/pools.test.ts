import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiKeyId, ResourcePoolId } from '../../../src/domain/ids.js';
import type { RunnerPrincipal } from '../../../src/domain/roles.js';
import { newId } from '../../../src/service/ids.js';
import { createResourcePool } from '../../../src/service/pool/create-resource-pool.js';
import { listResourcePools } from '../../../src/service/pool/list-resource-pools.js';
import { loadPoolLoads, loadResourcePools } from '../../../src/service/pool/load-resource-pools.js';
import { addOrganization, addTrial, addUser, codeOf, trialPrincipal, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world.close();
});

function runnerOf(poolId: ResourcePoolId): RunnerPrincipal {
  return {
    kind: 'runner',
    keyId: newId<ApiKeyId>(world.deps),
    organizationId: world.admin.organizationId,
    poolId,
    runnerId: null,
  };
}

it('is made by administrators, once per name, with a lease of 60 s', async () => {
  const name = unique('pool');

  const pool = await createResourcePool(world.deps, world.admin, { name });

  expect(pool.leaseSeconds).toBe(60);
  expect(await codeOf(createResourcePool(world.deps, world.admin, { name }))).toBe('NAME_TAKEN');
  expect(
    await codeOf(createResourcePool(world.deps, await addUser(world, { role: 'submitter' }), { name: unique('pool') })),
  ).toBe('FORBIDDEN');
});

it.each([0, -1, 1.5, 3601, Number.NaN])('refuses a lease of %d s', async (leaseSeconds) => {
  expect(await codeOf(createResourcePool(world.deps, world.admin, { name: unique('pool'), leaseSeconds }))).toBe(
    'INPUT_INVALID',
  );
});

it('is seen by all people of the organization, by runners of it, and nobody else', async () => {
  const pool = await createResourcePool(world.deps, world.admin, { name: unique('pool') });
  const foreigners = await addOrganization(world);
  const member = await addUser(world, { projects: [[world.project.id, 'viewer']] });
  const trial = trialPrincipal(world, await addTrial(world));

  expect(await listResourcePools(world.deps, member)).toContainEqual(pool);
  expect(await listResourcePools(world.deps, runnerOf(pool.id))).toEqual([pool]);
  expect(await listResourcePools(world.deps, foreigners.admin)).toEqual([]);
  expect(await codeOf(listResourcePools(world.deps, trial))).toBe('FORBIDDEN');

  expect(await loadResourcePools(world.deps, member, [pool.id])).toEqual([pool]);
  expect(await loadResourcePools(world.deps, runnerOf(world.pool.id), [pool.id, world.pool.id])).toEqual([
    null,
    world.pool,
  ]);
  expect(await loadResourcePools(world.deps, foreigners.admin, [pool.id])).toEqual([null]);
  expect(await loadResourcePools(world.deps, trial, [pool.id])).toEqual([null]);
});

it('counts the jobs that wait and run in it', async () => {
  const pool = await createResourcePool(world.deps, world.admin, { name: unique('pool') });
  const foreigners = await addOrganization(world);
  for (const state of ['PENDING', 'PENDING', 'STARTING', 'RUNNING', 'TERMINATING', 'COMPLETED', 'LOST']) {
    const trial = await addTrial(world);
    await world.deps.database.transaction((tx) =>
      tx.query(
        `INSERT INTO training_job (id, project_id, experiment_id, trial_id, pool_id, attempt, state, command)
        VALUES (gen_random_uuid(), $1, $2, $3, $4, 1, $5, '[]')`,
        [trial.projectId, trial.experimentId, trial.id, pool.id, state],
      ),
    );
  }

  const empty = { poolId: world.pool.id, pendingJobs: 0, runningJobs: 0 };
  expect(await loadPoolLoads(world.deps, world.admin, [world.pool.id, pool.id])).toEqual([
    empty,
    { poolId: pool.id, pendingJobs: 2, runningJobs: 3 },
  ]);
  expect(await loadPoolLoads(world.deps, foreigners.admin, [pool.id])).toEqual([
    { poolId: pool.id, pendingJobs: 0, runningJobs: 0 },
  ]);
});
