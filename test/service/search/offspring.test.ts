import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Method } from '../../../src/domain/experiment.js';
import { historyAt } from '../../../src/search/history.js';
import { openArtifact } from '../../../src/service/artifact/open-artifact.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { inlineProposer } from '../../../src/service/search/proposer.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { loadCheckpoints, loadChildren, loadParents } from '../../../src/service/trial/load-lineage.js';
import { trialPrincipal } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, finish, lease, leaseOne, trialNow } from '../job/queue.js';
import { addScheduled, eventsOf, report, saveCheckpoint } from './scheduled.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await reclaimLeases(world.deps);
});
afterAll(() => world.close());

const PBT: Method = { kind: 'pbt', options: { interval: 1, quantile: 0.25 } };

describe('a search with pbt', () => {
  it('replaces the worst trial by offspring of the best, which begins with its checkpoint', async () => {
    const experiment = await addScheduled(world, PBT, { maxTrials: 5, maxParallel: 4 });
    const { deps, admin } = world;
    const worker = await addRunner(world);
    const jobs = await lease(world, worker, { max: 4 });
    const [best, , , worst] = jobs;
    const checkpoint = await saveCheckpoint(world, best!.trial, 1, 'the weights of the best');
    for (const [i, job] of jobs.slice(0, 3).entries())
      expect(await report(world, job.trial, 1, 1, i)).toMatchObject({ stop: false });

    const verdict = await report(world, worst!.trial, 1, 1, 9);
    expect(verdict).toEqual({ stop: true, pause: false, reason: expect.stringContaining('3 of 4 are better than 9') });
    await finish(world, worker, worst!, 'COMPLETED');
    const born = await leaseOne(world, worker);
    // What its parent does later is nothing to it.
    await saveCheckpoint(world, best!.trial, 1, 'later weights');

    expect(await trialNow(world, worst!.trial.id)).toMatchObject({
      state: 'PRUNED',
      stopReason: 'PRUNER',
      stopMessage: verdict.reason,
    });
    expect(await eventsOf(world, worst!.trial)).toContain('TRIAL_EXPLOITED');
    expect(born.trial).toMatchObject({ number: 4, proposedBy: 'pbt', parentNumber: 0 });
    expect(born.trial.params).not.toEqual(best!.trial.params);
    expect(await eventsOf(world, born.trial)).toContain('TRIAL_OFFSPRING');
    const of = [born.trial.id];
    expect((await loadParents(deps, admin, of)).map((parent) => parent?.number)).toEqual([0]);
    expect((await loadChildren(deps, admin, [best!.trial.id]))[0]?.map(({ number }) => number)).toEqual([4]);
    expect(await loadCheckpoints(deps, admin, of)).toEqual([checkpoint]);
    const itself = trialPrincipal(world, born.trial, { attempt: 1, epoch: born.epoch });
    expect(await loadCheckpoints(deps, itself, [born.trial.id, best!.trial.id])).toEqual([checkpoint, null]);
    const { stream } = await openArtifact(deps, itself, { id: checkpoint.id });
    expect(await text(stream)).toBe('the weights of the best');

    const own = await saveCheckpoint(world, born.trial, 1, 'weights of its own');
    expect(await loadCheckpoints(deps, admin, of)).toEqual([own]);
    const history = await loadHistory(deps.database.read, deps.database, experiment.id, experiment.search!);
    const { params, parent, askedAt } = history.trials[4]!;
    const [start] = await inlineProposer.resume({ scheduler: PBT, history: historyAt(history, askedAt), free: 1 });
    expect(start).toMatchObject({ params, parent });

    for (const job of [...jobs.slice(0, 3), born]) await finish(world, worker, job, 'COMPLETED');
    expect(await lease(world, worker)).toEqual([]);
    expect((await findExperiment(deps, admin, { id: experiment.id }))?.state).toBe('COMPLETED');
    await deleteTrial(deps, admin, { id: best!.trial.id });
    expect(await loadParents(deps, admin, of)).toEqual([null]);
  });
});
