import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, Method } from '../../../src/domain/experiment.js';
import { isPaused } from '../../../src/domain/lifecycle.js';
import type { Verdict } from '../../../src/domain/metric.js';
import { historyAt } from '../../../src/search/history.js';
import type { Deps } from '../../../src/service/deps.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { stopExperiment } from '../../../src/service/experiment/stop-experiment.js';
import { type LeasedJob, leaseJobs } from '../../../src/service/job/lease-jobs.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { renewLeases } from '../../../src/service/job/renew-leases.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { inlineProposer } from '../../../src/service/search/proposer.js';
import { openWorkerProposer } from '../../../src/service/search/worker-proposer.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { loadCheckpoints } from '../../../src/service/trial/load-lineage.js';
import { stopTrial } from '../../../src/service/trial/stop-trial.js';
import { seededRandom } from '../../support/seeded-random.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, finish, lapse, lease, leaseOne, trialNow, type Worker } from '../job/queue.js';
import { ASHA, addScheduled, eventsOf, obeyPause, report, saveCheckpoint } from './scheduled.js';

let world: World;
let worker: Worker;
const open: Experiment[] = [];
beforeAll(async () => {
  world = await openWorld();
  await reclaimLeases(world.deps);
  worker = await addRunner(world);
});
afterEach(async () => {
  for (const { id } of open.splice(0)) await stopExperiment(world.deps, world.admin, { id });
});
afterAll(() => world.close());

async function scheduled(part: Parameters<typeof addScheduled>[2] = {}): Promise<Experiment> {
  const experiment = await addScheduled(world, ASHA, part);
  open.push(experiment);
  return experiment;
}

async function stateOf(experiment: Experiment) {
  return (await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state;
}

describe('a search with asha_promote', () => {
  it('pauses every trial at its rung, goes on with the best from its checkpoint, and ends the others', async () => {
    const experiment = await scheduled();
    const jobs = await lease(world, worker, { max: 3 });
    const losses = [3, 1, 2];

    for (const [i, job] of jobs.entries()) {
      // Nothing is promotable before all three have come, and a paused trial is not to be had.
      expect(await lease(world, worker)).toEqual([]);
      const verdict = await report(world, job.trial, 1, 1, losses[i]!);
      expect(verdict).toEqual({ stop: true, pause: true, reason: expect.stringContaining('rung 1') });
      await saveCheckpoint(world, job.trial, 1, `after step 1 of ${i}`);
      const paused = await obeyPause(world, worker, job);
      expect(isPaused(paused)).toBe(true);
      expect(paused).toMatchObject({ attempt: 1, message: verdict.reason, pausing: null, stopReason: null });
    }
    const second = await leaseOne(world, worker);
    expect([second.trial.id, second.job.attempt]).toEqual([jobs[1]!.trial.id, 2]);
    const [checkpoint] = await loadCheckpoints(world.deps, world.admin, [second.trial.id]);
    expect(checkpoint).toMatchObject({ trialId: second.trial.id, attempt: 1 });
    expect(await report(world, second.trial, 2, 2, 0.9)).toMatchObject({ stop: false });
    expect(await report(world, second.trial, 2, 3, 0.8)).toMatchObject({ pause: true });
    await obeyPause(world, worker, second);
    // Nobody else will come: it is the last resort.
    const third = await leaseOne(world, worker);
    expect([third.trial.id, third.job.attempt]).toEqual([second.trial.id, 3]);
    expect(await report(world, third.trial, 3, 9, 0.5)).toMatchObject({ stop: false });
    await finish(world, worker, third, 'COMPLETED');

    expect(await stateOf(experiment)).toBe('ACTIVE');
    expect(await lease(world, worker)).toEqual([]);
    expect(await stateOf(experiment)).toBe('COMPLETED');
    expect(await trialNow(world, third.trial.id)).toMatchObject({ state: 'COMPLETED', value: 0.5 });
    for (const i of [0, 2]) {
      expect(await trialNow(world, jobs[i]!.trial.id)).toMatchObject({
        state: 'PRUNED',
        value: losses[i],
        message: expect.stringMatching(/^paused \(waits at rung 1 .*\), the search ended$/),
      });
    }
    expect(await eventsOf(world, third.trial)).toEqual([
      'TRIAL_CREATED',
      'JOB_QUEUED',
      'JOB_LEASED',
      'TRIAL_PAUSE_REQUESTED',
      'JOB_ENDED',
      'TRIAL_PAUSED',
      'TRIAL_RESUMED',
      'JOB_QUEUED',
      'JOB_LEASED',
      'TRIAL_PAUSE_REQUESTED',
      'JOB_ENDED',
      'TRIAL_PAUSED',
      'TRIAL_RESUMED',
      'JOB_QUEUED',
      'JOB_LEASED',
      'JOB_ENDED',
      'TRIAL_ENDED',
      'TRIAL_BEST',
    ]);
  });

  it('goes on after a crash of the server as if there had been none', async () => {
    await scheduled();
    const jobs = await lease(world, worker, { max: 3 });
    for (const [i, job] of jobs.entries()) {
      await report(world, job.trial, 1, 1, i);
      await obeyPause(world, worker, job);
    }

    const cold = { ...(await world.openServer()), proposer: openWorkerProposer() };
    const input = { runnerId: worker.runner.id, freeSlots: 100, freeGpus: 0, max: 3 };
    const resumed = await leaseJobs(cold, worker.principal, input);
    await cold.proposer.close();

    expect(resumed.map(({ trial, job }) => [trial.number, job.attempt])).toEqual([[0, 2]]);
    expect(await lease(world, worker)).toEqual([]);
  });

  it('tries again when the runner dies before the program obeyed, and pauses when it had', async () => {
    await scheduled({ maxTrials: 1 });
    const first = await leaseOne(world, worker);
    expect(await report(world, first.trial, 1, 1, 1)).toMatchObject({ pause: true });
    await lapse(world, first.trial.id);
    await reclaimLeases(world.deps);
    const lost = await trialNow(world, first.trial.id);
    expect(lost).toMatchObject({ state: 'WAITING', pausing: null, pausedAt: [] });

    const second = await leaseOne(world, worker);
    expect(second.trial.id).toBe(first.trial.id);
    expect(await report(world, second.trial, 2, 1, 1)).toMatchObject({ pause: true });
    await finishTrial(world.deps, world.admin, { trialId: second.trial.id, attempt: 2, state: 'PAUSED' });
    await lapse(world, first.trial.id);
    await reclaimLeases(world.deps);

    expect(isPaused(await trialNow(world, first.trial.id))).toBe(true);
  });

  it('does not know what arrives late of a trial that is paused: it stays as it paused, here and on a cold server', async () => {
    const experiment = await scheduled({ maxTrials: 2 });
    const [first, second] = await lease(world, worker, { max: 2 });
    await report(world, first!.trial, 1, 1, 1);
    await obeyPause(world, worker, first!);
    const stepsOf = async (deps: Deps) =>
      (await loadHistory(deps.database.read, deps.database, experiment.id, experiment.search!)).trials.map(
        ({ steps }) => [...steps],
      );
    expect(await stepsOf(world.deps)).toEqual([[1], []]);

    await report(world, first!.trial, 1, 2, 0.1);
    await report(world, second!.trial, 1, 1, 2);

    expect(await stepsOf(world.deps)).toEqual([[1], [1]]);
    expect(await stepsOf(await world.openServer())).toEqual([[1], [1]]);
    await obeyPause(world, worker, second!);
    const again = await leaseOne(world, worker);
    expect(again.trial.number).toBe(0);
    await report(world, again.trial, 2, 2, 0.2);
    expect(await stepsOf(world.deps)).toEqual([[1, 2], [1]]);
  });

  it('leaves a program that does not hear alone, and completes its trial at its end', async () => {
    await scheduled({ maxTrials: 1 });
    const deaf = await leaseOne(world, worker);
    await report(world, deaf.trial, 1, 1, 1);
    const orders = await renewLeases(world.deps, worker.principal, {
      runnerId: worker.runner.id,
      leases: [{ jobId: deaf.job.id, epoch: deaf.epoch }],
    });
    expect(orders.leases[0]).toMatchObject({ outcome: 'RENEWED', stop: false });

    await finish(world, worker, deaf, 'COMPLETED');

    expect(await trialNow(world, deaf.trial.id)).toMatchObject({ state: 'COMPLETED', value: 1 });
  });

  it('ends what is paused as PRUNED when it is stopped, and as STOPPED when a person stops one', async () => {
    const experiment = await scheduled();
    const [first, second, running] = await lease(world, worker, { max: 3 });
    for (const job of [first!, second!]) {
      await report(world, job.trial, 1, 1, 7);
      await obeyPause(world, worker, job);
    }
    await stopTrial(world.deps, world.admin, { id: second!.trial.id });

    await stopExperiment(world.deps, world.admin, { id: experiment.id });

    expect(await trialNow(world, first!.trial.id)).toMatchObject({
      state: 'PRUNED',
      value: 7,
      stopReason: 'PRUNER',
      message: expect.stringMatching(/, the search was stopped$/),
    });
    expect(await trialNow(world, second!.trial.id)).toMatchObject({ state: 'STOPPED', stopReason: 'USER' });
    expect(await report(world, running!.trial, 1, 1, 7)).toMatchObject({ stop: true, pause: false });
    await finish(world, worker, running!, 'COMPLETED');
    expect(await trialNow(world, running!.trial.id)).toMatchObject({ state: 'STOPPED' });
    expect(await lease(world, worker)).toEqual([]);
  });
});

describe('the history of a scheduled search', () => {
  const kinds: readonly Method[] = [
    ASHA,
    { ...ASHA, kind: 'hyperband_promote' },
    { kind: 'pbt', options: { interval: 2, quantile: 0.3 } },
  ];

  it.each(kinds)(
    'gives every proposal and every start of $kind again from what was known then, here and on a cold server',
    {
      timeout: 60_000,
    },
    async (scheduler) => {
      const sampler = { kind: 'tpe', options: { nStartup: 4 } };
      const experiment = await addScheduled(world, scheduler, { maxTrials: 18, maxParallel: 4, sampler });
      open.push(experiment);
      await runAll(seededRandom(4));

      let starts = 0;
      for (const deps of [world.deps, await world.openServer()]) {
        const search = experiment.search!;
        const history = await loadHistory(deps.database.read, deps.database, experiment.id, search);
        const startAt = (position: number) =>
          inlineProposer.resume({ scheduler, history: historyAt(history, position), free: 1 });
        expect(history.trials).toHaveLength(18);
        for (const { number, params, parent, askedAt, resumedAt } of history.trials) {
          const [born] = await startAt(askedAt);
          if (parent !== undefined) expect(born).toMatchObject({ params, parent });
          else {
            const known = historyAt(history, askedAt);
            const [proposal] = await inlineProposer.propose({ sampler: search.sampler, history: known, count: 1 });
            expect([born, proposal?.params]).toEqual([undefined, params]);
          }
          for (const position of resumedAt ?? []) expect(await startAt(position)).toMatchObject([{ trial: number }]);
          starts += (resumedAt?.length ?? 0) + (parent === undefined ? 0 : 1);
        }
      }
      expect(starts).toBeGreaterThan(6);
      expect(await stateOf(experiment)).toBe('COMPLETED');
    },
  );
});

/** Works until there is no more to do: jobs in a random order, each up to its next pause or its end. */
async function runAll(random: () => number): Promise<void> {
  const held: LeasedJob[] = [];
  const done = new Map<number, number>();
  for (;;) {
    held.push(...(await lease(world, worker, { max: 4 })));
    const [leased] = held.splice(Math.floor(random() * held.length), 1);
    if (leased === undefined) return;
    const { trial, job } = leased;
    let step = done.get(trial.number) ?? done.get(trial.parentNumber ?? -1) ?? 0;
    let verdict: Verdict = { stop: false, pause: false, reason: null };
    while (step < 9 && !verdict.stop) verdict = await report(world, trial, job.attempt, ++step, random() + 1 / step);
    done.set(trial.number, step);
    if (verdict.pause) await obeyPause(world, worker, leased);
    else await finish(world, worker, leased, 'COMPLETED');
  }
}

describe('whatever happens in whatever order', () => {
  it.each([1, 2, 3])(
    'no lease is given for a paused trial, and no job waits for one (seed %i)',
    {
      timeout: 60_000,
    },
    async (seed) => {
      const random = seededRandom(seed);
      const experiment = await scheduled({ maxTrials: 12, maxParallel: 4 });
      const held: LeasedJob[] = [];
      const take = () => held.splice(Math.floor(random() * held.length), 1)[0];
      const steps = new Map<string, number>();
      let pauses = 0;
      const deeds: (() => Promise<unknown>)[] = [
        async () => held.push(...(await lease(world, worker, { max: 2 }))),
        async () => {
          const job = held[Math.floor(random() * held.length)];
          if (job === undefined) return;
          const step = Math.min(9, (steps.get(job.trial.id) ?? 0) + 1);
          steps.set(job.trial.id, step);
          await report(world, job.trial, job.job.attempt, step, random());
        },
        async () => {
          const job = take();
          if (job === undefined) return;
          const { pausing } = await trialNow(world, job.trial.id);
          if (pausing === null) await finish(world, worker, job, random() < 0.5 ? 'COMPLETED' : 'PREEMPTED');
          else if (random() < 0.9) await obeyPause(world, worker, job);
          else await finish(world, worker, job, 'FAILED', 'OOM');
        },
        async () => {
          const job = take();
          if (job === undefined) return;
          await lapse(world, job.trial.id);
          await reclaimLeases(world.deps);
        },
        async () => {
          const job = take();
          if (job === undefined || random() < 0.8) return job && held.push(job);
          await stopTrial(world.deps, world.admin, { id: job.trial.id });
          return finish(world, worker, job, 'TERMINATED');
        },
      ];

      for (let i = 0; i < 120; i++) {
        await deeds[Math.floor(random() * deeds.length)]!();
        const { paused, leased, queued } = await busyAndPaused(experiment);
        pauses = Math.max(pauses, paused);
        expect([leased, queued]).toEqual([0, 0]);
        for (const { trial } of held) expect(isPaused(trial)).toBe(false);
      }

      expect(pauses).toBeGreaterThan(0);
    },
  );
});

/** How many trials are paused, and of these how many are leased, or have a job that has not ended. */
async function busyAndPaused({ id }: Experiment) {
  const rows = await world.deps.database.read.query<{ paused: number; leased: number; queued: number }>(
    `/* test */
    SELECT count(*)::int AS paused, (count(*) FILTER (WHERE l.runner_id IS NOT NULL))::int AS leased,
      (count(*) FILTER (WHERE EXISTS (SELECT 1 FROM training_job j WHERE j.trial_id = t.id AND j.ended_at IS NULL)))::int AS queued
    FROM trial t JOIN trial_lease l ON l.trial_id = t.id
    WHERE t.experiment_id = $1 AND t.state = 'WAITING' AND cardinality(t.paused_at) > cardinality(t.resumed_at)`,
    [id],
  );
  return rows[0]!;
}
