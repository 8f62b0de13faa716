import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import { stopExperiment } from '../../../src/service/experiment/stop-experiment.js';
import type { LeasedJob } from '../../../src/service/job/lease-jobs.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { renewLeases } from '../../../src/service/job/renew-leases.js';
import { stopTrial } from '../../../src/service/trial/stop-trial.js';
import { lockExperiment } from '../../../src/store/queries/experiment.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lapse, lease, leaseOne, trialNow, type Worker } from './queue.js';

let world: World;
const open: Experiment[] = [];
beforeAll(async () => {
  world = await openWorld();
  await reclaimLeases(world.deps);
});
afterEach(async () => {
  for (const { id } of open.splice(0)) await stopExperiment(world.deps, world.admin, { id });
});
afterAll(() => world.close());

async function searching(budget = {}): Promise<void> {
  open.push(await addSearch(world, budget));
}

function renew(worker: Worker, leases: readonly LeasedJob[]) {
  return renewLeases(world.deps, worker.principal, {
    runnerId: worker.runner.id,
    leases: leases.map((one) => ({ jobId: one.job.id, epoch: one.epoch })),
  });
}

describe('renewLeases and reclaimLeases', () => {
  it('renews what is held, by the epoch and not by the time', async () => {
    await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    await lapse(world, leased.trial.id);

    expect(await renew(worker, [leased])).toEqual({
      drain: false,
      leases: [{ jobId: leased.job.id, outcome: 'RENEWED', stop: false, reason: null }],
    });
    expect((await reclaimLeases(world.deps)).trialIds).toEqual([]);
  });

  it('takes a lapsed lease away; the old holder is fenced and the trial waits for its next attempt', async () => {
    await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    await lapse(world, leased.trial.id);

    expect((await reclaimLeases(world.deps)).trialIds).toEqual([leased.trial.id]);

    expect((await renew(worker, [leased])).leases).toEqual([
      { jobId: leased.job.id, outcome: 'FENCED', stop: true, reason: expect.any(String) },
    ]);
    expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'WAITING' });
    expect((await leaseOne(world, worker)).trial).toMatchObject({ id: leased.trial.id, attempt: 2 });
  });

  it('either renews or reclaims when both come at once, never both', async () => {
    await searching({ maxTrials: 40, maxParallel: 40 });
    const worker = await addRunner(world);
    const leased = await lease(world, worker, { max: 40 });
    for (const one of leased) await lapse(world, one.trial.id);

    // From both ends: they meet in the middle.
    const passes = Promise.all([reclaimLeases(world.deps), reclaimLeases(world.deps)]);
    const orders = new Map<string, string | undefined>();
    for (const one of [...leased].reverse()) orders.set(one.trial.id, (await renew(worker, [one])).leases[0]?.outcome);
    const reclaimed = new Set((await passes).flatMap((pass) => pass.trialIds));

    // The race took place: otherwise this proves nothing.
    expect(reclaimed.size).toBeGreaterThan(0);
    expect(reclaimed.size).toBeLessThan(40);
    for (const one of leased) {
      const isReclaimed = reclaimed.has(one.trial.id);
      expect(orders.get(one.trial.id)).toBe(isReclaimed ? 'FENCED' : 'RENEWED');
      expect((await trialNow(world, one.trial.id)).state).toBe(isReclaimed ? 'WAITING' : 'RUNNING');
    }
    const rows = await world.deps.database.read.query<{ epoch: number }>(
      `/* test */ SELECT epoch FROM trial_lease WHERE trial_id = ANY ($1)`,
      [[...reclaimed]],
    );
    expect(rows.every((row) => row.epoch === 2)).toBe(true);
  });

  it('extends all leases by one term after an outage of its own', async () => {
    await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    await lapse(world, leased.trial.id);
    await world.deps.database.transaction((tx) =>
      tx.query(`/* test */ UPDATE reclaim_tick SET at = clock_timestamp() - interval '31 seconds'`),
    );

    const pass = await reclaimLeases(world.deps);

    expect(pass.trialIds).toEqual([]);
    expect(pass.extended).toBeGreaterThanOrEqual(1);
    expect((await renew(worker, [leased])).leases[0]?.outcome).toBe('RENEWED');
  });

  it('carries the order to stop, and ends the trial as STOPPED when the runner obeys', async () => {
    await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);

    await stopTrial(world.deps, world.admin, { id: leased.trial.id, reason: 'too slow' });

    expect((await renew(worker, [leased])).leases[0]).toMatchObject({
      outcome: 'RENEWED',
      stop: true,
      reason: 'too slow',
    });
    expect((await finish(world, worker, leased, 'TERMINATED')).job.state).toBe('TERMINATED');
    expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'STOPPED', stopReason: 'USER' });
  });

  it('ends a trial that was asked to stop when its runner falls silent', async () => {
    await searching();
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    await stopTrial(world.deps, world.admin, { id: leased.trial.id });
    await lapse(world, leased.trial.id);

    await reclaimLeases(world.deps);

    expect(await trialNow(world, leased.trial.id)).toMatchObject({ state: 'STOPPED' });
  });

  it('takes the others although one cannot be taken now', async () => {
    await searching();
    await searching();
    const worker = await addRunner(world);
    const [held, free] = [await leaseOne(world, worker), await leaseOne(world, worker)];
    await lapse(world, held.trial.id);
    await lapse(world, free.trial.id);
    let letGo: () => void = () => undefined;
    let holding: Promise<void> = Promise.resolve();
    await new Promise<void>((isLocked) => {
      holding = world.deps.database.transaction(async (tx) => {
        await lockExperiment(tx, held.trial.experimentId);
        isLocked();
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
      });
    });

    const reclaimed = await reclaimLeases(world.deps);
    letGo();
    await holding;

    expect(reclaimed.trialIds).toEqual([free.trial.id]);
    expect((await reclaimLeases(world.deps)).trialIds).toEqual([held.trial.id]);
  });
});
