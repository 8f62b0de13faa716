import seedrandom from 'seedrandom';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { experimentCounts } from '../../../src/service/experiment/load-experiments.js';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { resumeExperiment } from '../../../src/service/experiment/resume-experiment.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { renewLeases } from '../../../src/service/job/renew-leases.js';
import { listTrials } from '../../../src/service/trial/list-trials.js';
import { stopTrial } from '../../../src/service/trial/stop-trial.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lapse, lease, reportLoss, type Worker } from './queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await reclaimLeases(world.deps);
});
afterAll(() => world.close());

it('comes to an end without deadlock, number gap or double ending when everything happens at once', async () => {
  const seed = String(Date.now());
  const random = seedrandom.alea(seed).double;
  const experiments = [
    await addSearch(world, { maxTrials: 25, maxParallel: 6 }),
    await addSearch(world, { maxTrials: 25, maxParallel: 6 }),
  ];
  const workers = await Promise.all(Array.from({ length: 6 }, () => addRunner(world)));
  const isOver = async () =>
    (
      await experimentCounts(
        world.deps,
        world.admin,
        experiments.map(({ id }) => id),
      )
    ).every((c) => c.total === 25 && c.waiting + c.running === 0);
  let over = false;

  const work = async (worker: Worker) => {
    while (!over) {
      const leased = await lease(world, worker, { max: 3 });
      await renewLeases(world.deps, worker.principal, {
        runnerId: worker.runner.id,
        leases: leased.map((one) => ({ jobId: one.job.id, epoch: one.epoch })),
      });
      for (const one of leased) {
        const dice = random();
        if (dice < 0.1) await stopTrial(world.deps, world.admin, { id: one.trial.id });
        if (dice < 0.15) await lapse(world, one.trial.id);
        else if (dice < 0.25) await finish(world, worker, one, 'PREEMPTED');
        else {
          await reportLoss(world, one.trial, [random()], one.job.attempt);
          await finish(world, worker, one, dice < 0.9 ? 'COMPLETED' : 'FAILED');
        }
      }
      over ||= await isOver();
    }
  };
  const disturb = async () => {
    while (!over) {
      const [experiment] = experiments;
      await reclaimLeases(world.deps);
      await pauseExperiment(world.deps, world.admin, { id: experiment!.id }).catch(() => undefined);
      await resumeExperiment(world.deps, world.admin, { id: experiment!.id }).catch(() => undefined);
    }
  };
  await Promise.all([...workers.map(work), disturb()]);

  for (const { id } of experiments) {
    const { items } = await listTrials(world.deps, world.admin, { experimentId: id, first: 200 });
    expect(
      items.map((trial) => trial.number),
      `seed ${seed}`,
    ).toEqual(Array.from({ length: 25 }, (_, i) => i));
    const ended = await world.deps.database.read.query<{ n: number }>(
      `/* test */ SELECT count(*) AS n FROM event WHERE experiment_id = $1 AND kind = 'TRIAL_ENDED' GROUP BY trial_id`,
      [id],
    );
    expect(ended.map((row) => row.n)).toEqual(Array.from({ length: 25 }, () => 1));
    expect(new Set(items.map((trial) => trial.endedSequence)).size).toBe(25);
  }
}, 60_000);
