import { afterAll, beforeAll, expect, it } from 'vitest';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { renewLeases } from '../../../src/service/job/renew-leases.js';
import { drainRunner } from '../../../src/service/runner/drain-runner.js';
import { listRunners } from '../../../src/service/runner/list-runners.js';
import { loadJobsByRunner, loadRunners, loadRunnersByPool } from '../../../src/service/runner/load-runners.js';
import { registerRunner } from '../../../src/service/runner/register-runner.js';
import { addOrganization, addUser, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, leaseOne, trialNow } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

it('registers the same boot once, and a new boot as a new runner', async () => {
  const first = await addRunner(world, { name: 'gpu-1', bootId: 'one', slots: 2 });
  const again = await addRunner(world, { name: 'gpu-1', bootId: 'one', slots: 4, principal: first.principal });
  const rebooted = await addRunner(world, { name: 'gpu-1', bootId: 'two', principal: first.principal });

  expect(again.runner).toMatchObject({ id: first.runner.id, slots: 4 });
  expect(rebooted.runner.id).not.toBe(first.runner.id);
});

it('takes back at once what an earlier boot held, and leaves the leases of others', async () => {
  const experiment = await addSearch(world, { maxTrials: 2, maxParallel: 2 });
  const [mine, other] = [await addRunner(world, { name: 'agent' }), await addRunner(world, { name: 'agent' })];
  const [lost, kept] = [await leaseOne(world, mine), await leaseOne(world, other)];

  const rebooted = await addRunner(world, { name: 'agent', principal: mine.principal });

  expect(await trialNow(world, lost.trial.id)).toMatchObject({ state: 'WAITING' });
  expect(await trialNow(world, kept.trial.id)).toMatchObject({ state: 'RUNNING' });
  const stale = await renewLeases(world.deps, rebooted.principal, {
    runnerId: rebooted.runner.id,
    leases: [{ jobId: lost.job.id, epoch: lost.epoch }],
  });
  expect(stale.leases[0]?.outcome).toBe('FENCED');
  expect(
    (await loadJobsByRunner(world.deps, world.admin, [other.runner.id, mine.runner.id])).map((jobs) => jobs.length),
  ).toEqual([1, 0]);
  await pauseExperiment(world.deps, world.admin, { id: experiment.id });
});

it('leaves what a later boot holds when the registration of an earlier one arrives again', async () => {
  const experiment = await addSearch(world);
  const first = await addRunner(world, { name: 'late', bootId: 'late-1' });
  const second = await addRunner(world, { name: 'late', bootId: 'late-2', principal: first.principal });
  const leased = await leaseOne(world, second);

  await addRunner(world, { name: 'late', bootId: 'late-1', principal: first.principal });

  expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'RUNNING', attempt: 1 });
  await pauseExperiment(world.deps, world.admin, { id: experiment.id });
});

it('tells a draining runner with its heartbeat', async () => {
  const { principal, runner } = await addRunner(world);

  expect(await drainRunner(world.deps, world.admin, { id: runner.id })).toMatchObject({ draining: true });

  expect(await renewLeases(world.deps, principal, { runnerId: runner.id, leases: [] })).toEqual({
    leases: [],
    drain: true,
  });
});

it('is only for keys of the pool, and shown only to members of the organization', async () => {
  const { principal, runner } = await addRunner(world);
  const viewer = await addUser(world, { role: 'viewer' });
  const foreign = await addOrganization(world);
  const input = { pool: 'elsewhere', name: 'x', host: 'h', slots: 1, gpus: [], bootId: 'b' };

  expect(await codeOf(registerRunner(world.deps, principal, input))).toBe('FORBIDDEN');
  expect(await codeOf(registerRunner(world.deps, world.admin, { ...input, pool: 'default' }))).toBe('FORBIDDEN');
  expect(await codeOf(drainRunner(world.deps, viewer, { id: runner.id }))).toBe('FORBIDDEN');
  expect(await codeOf(drainRunner(world.deps, foreign.admin, { id: runner.id }))).toBe('NOT_FOUND');
  expect(await codeOf(listRunners(world.deps, principal, { first: 1 }))).toBe('FORBIDDEN');
  expect((await listRunners(world.deps, viewer, { first: 1, poolId: world.pool.id })).items[0]?.id).toBe(runner.id);
  expect((await loadRunnersByPool(world.deps, viewer, [world.pool.id]))[0]?.[0]?.id).toBe(runner.id);
  expect(await loadRunners(world.deps, foreign.admin, [runner.id])).toEqual([null]);
  expect(await (await listRunners(world.deps, foreign.admin, { first: 1 })).total()).toBe(0);
});
