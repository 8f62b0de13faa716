import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import type { Trial } from '../../../src/domain/trial.js';
import { historyAt } from '../../../src/search/history.js';
import type { SearchInput } from '../../../src/service/experiment/check-search.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { bestTrials } from '../../../src/service/experiment/load-experiments.js';
import { loadBestTrialPages } from '../../../src/service/experiment/load-pareto-fronts.js';
import { reviseSearch } from '../../../src/service/experiment/revise-search.js';
import { onlyPage } from '../../../src/service/pages-by-parent.js';
import { inlineProposer } from '../../../src/service/search/proposer.js';
import { openWorkerProposer } from '../../../src/service/search/worker-proposer.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { loadPointMeans } from '../../../src/service/trial/load-point-means.js';
import { codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, leaseOne } from '../job/queue.js';
import { ask, createSearch, historyOf, tell } from './searching.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const SEARCH = {
  space: { x: { kind: 'int', low: 0, high: 99 } },
  objective: { metric: 'loss', goal: 'minimize' },
  sampler: { kind: 'random' },
  budget: { maxTrials: 100, maxParallel: 10 },
  seed: 'seed',
} as const satisfies SearchInput;

function create(part: Partial<SearchInput>, command: readonly string[] | null = null) {
  return createSearch(world, { ...SEARCH, ...part }, command);
}

async function run(experiment: Experiment, worth: (trial: Trial) => number, count: number): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (let i = 0; i < count; i++) {
    const trial = await ask(world, experiment);
    trials.push(await tell(world, trial, { value: worth(trial) }));
  }
  return trials;
}

const bestOf = async ({ id }: Experiment) => (await bestTrials(world.deps, world.admin, [id]))[0]?.number ?? null;

describe('a search with replicates', () => {
  it('tries each point with the seeds that every point has, and says what a point came to', async () => {
    const experiment = await create({ replicates: { count: 3, first: 3 } });

    const trials = await run(experiment, ({ params, replicate }) => Number(params.x) + (replicate ?? 0), 6);

    expect(trials.map(({ point, replicate }) => [point, replicate])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [3, 0],
      [3, 1],
      [3, 2],
    ]);
    expect(trials.slice(0, 3).map(({ params }) => params)).toEqual(Array(3).fill(trials[0]?.params));
    expect(trials.map(({ seed }) => seed).slice(0, 3)).toEqual(trials.map(({ seed }) => seed).slice(3));
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(3);
    const x = Number(trials[3]?.params.x);
    const [mean, again] = await loadPointMeans(world.deps, world.admin, [trials[3]!, trials[4]!]);
    expect(mean).toEqual({
      count: 3,
      mean: expect.closeTo(x + 1, 9),
      deviation: expect.closeTo(1, 9),
      low: expect.any(Number),
      high: expect.any(Number),
    });
    expect(again).toEqual(mean);
    expect((mean?.high ?? 0) - (mean?.mean ?? 0)).toBeCloseTo(4.302653 / Math.sqrt(3), 5);
  });

  it('has for its best the point with the best mean among those with all trials', async () => {
    const experiment = await create({
      replicates: { count: 2, first: 2 },
      objective: { metric: 'loss', goal: 'maximize' },
    });
    const values = [9, 1, 6, 6, 100];

    await run(experiment, ({ number }) => values[number] ?? 0, 5);

    expect(await bestOf(experiment)).toBe(2);
    await run(experiment, () => 100, 1);
    expect(await bestOf(experiment)).toBe(4);
    const { items } = onlyPage(await loadBestTrialPages(world.deps, world.admin, [experiment.id], { first: 5 }));
    expect(items).toMatchObject([{ number: 4, point: 4 }]);
    await deleteTrial(world.deps, world.admin, { id: items[0]!.id });
    expect(await bestOf(experiment), 'one trial is left of the point').toBe(2);
  });

  it('takes what a person adds for one more trial of its point', async () => {
    const experiment = await create({ replicates: { count: 4, first: 2 } });
    const [first] = await run(experiment, () => 1, 1);

    const added = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: first!.params });

    expect(added).toMatchObject({ point: 0, replicate: 1, proposedBy: 'user' });
  });

  it('tries a point with other seeds after a revision that completes its params, and after its first trial was deleted', async () => {
    const experiment = await create({ replicates: { count: 4, first: 4 } });
    const [first] = await run(experiment, () => 1, 1);
    const space = { ...SEARCH.space, y: { kind: 'int', low: 0, high: 3, default: 2 } };
    await reviseSearch(world.deps, world.admin, { experimentId: experiment.id, space });

    const [second, third] = await run(experiment, () => 1, 2);
    await deleteTrial(world.deps, world.admin, { id: first!.id });
    const [fourth] = await run(experiment, () => 1, 1);

    expect(second!.params).toEqual({ x: first!.params.x, y: 2 });
    const places = [first, second, third, fourth].map((trial) => [trial?.point, trial?.replicate]);
    expect(places).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
    expect(new Set([first, second, third, fourth].map((trial) => trial?.seed)).size).toBe(4);
    const [next] = await run(experiment, () => 1, 1);
    expect([next?.point, next?.replicate], 'three are left of the point').toEqual([0, 4]);
    expect(await run(experiment, () => 1, 1)).toMatchObject([{ point: 5, replicate: 0 }]);
  });

  it.each(['asha_promote', 'pbt'])('does not go with the scheduler %s', async (kind) => {
    const creating = create({ replicates: { count: 2 }, pruner: { kind } });

    expect(await codeOf(creating)).toBe('INPUT_INVALID');
    await expect(creating).rejects.toThrow(`replicates do not go with the scheduler ${kind}`);
  });

  it('confirms the best at the end of its budget, and is completed then', async () => {
    const experiment = await create({
      replicates: { confirm: { top: 2, times: 3 } },
      budget: { maxTrials: 12, maxParallel: 1 },
    });

    const trials = await run(experiment, ({ params }) => Number(params.x), 12);

    const byTimes = new Map<number, number>();
    for (const { params } of trials) byTimes.set(Number(params.x), (byTimes.get(Number(params.x)) ?? 0) + 1);
    const times = [...byTimes].sort(([a], [b]) => a - b).map(([, n]) => n);
    expect(times).toEqual([3, 3, ...Array(6).fill(1)]);
    expect(trials.slice(8).every(({ proposedBy }) => proposedBy === 'replicate')).toBe(true);
    expect(await bestOf(experiment)).toBe(
      trials.find(({ params }) => params.x === Math.min(...byTimes.keys()))?.number,
    );
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state).toBe('COMPLETED');
  });

  it('is replayed on a cold server: every trial again, replicates too', async () => {
    const experiment = await create({
      replicates: { count: 3, share: 0.3 },
      sampler: { kind: 'tpe', options: { nStartup: 4 } },
      budget: { maxTrials: 40, maxParallel: 3 },
    });
    for (let round = 0; round < 10; round++) {
      const trials = [await ask(world, experiment), await ask(world, experiment), await ask(world, experiment)];
      for (const trial of trials)
        await tell(world, trial, { value: (Number(trial.params.x) - 40) ** 2 + ((trial.seed ?? 0) % 7) });
    }

    const history = await historyOf(experiment, world, await world.openServer());
    const request = { sampler: (experiment.search as Search).sampler, history, count: 4, experimentId: experiment.id };
    const worker = openWorkerProposer({ limitMs: 60_000 });

    expect(await worker.propose(request)).toEqual(await inlineProposer.propose(request));
    await worker.close();
    expect(history.trials.filter(({ by }) => by === 'replicate').length).toBeGreaterThan(3);
    for (const trial of history.trials) {
      const [proposal] = await inlineProposer.propose({
        sampler: (experiment.search as Search).sampler,
        history: historyAt(history, trial.askedAt),
        count: 1,
      });
      expect([proposal?.params, proposal?.by]).toEqual([trial.params, trial.by]);
    }
  });

  it('gives its seed to a command in the environment', async () => {
    await create({ replicates: { count: 2, first: 2 } }, ['train']);
    const worker = await addRunner(world);

    const leased = await leaseOne(world, worker);

    expect(leased.environment.TRIALGRAPH_SEED).toBe(String(leased.trial.seed));
  });

  it('leaves searches without them as they were', async () => {
    const experiment = await create({});

    const [trial] = await run(experiment, () => 1, 1);

    expect(trial).toMatchObject({ point: null, replicate: null, seed: null });
    expect(await loadPointMeans(world.deps, world.admin, [trial!])).toEqual([null]);
  });

  it.each([
    [{ count: 1 }, 'asks for nothing'],
    [{ count: 2, first: 3 }, 'more than count'],
    [{ count: 0 }, 'at least 1'],
    [{ count: 2, share: 0 }, 'above 0'],
    [{ confirm: { top: 0, times: 2 } }, 'at least 1'],
  ])('refuses %j', async (replicates, words) => {
    const creating = create({ replicates });

    expect(await codeOf(creating)).toBe('INPUT_INVALID');
    await expect(creating).rejects.toThrow(words);
  });
});
