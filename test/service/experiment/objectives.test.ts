import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentId } from '../../../src/domain/ids.js';
import type { Trial } from '../../../src/domain/trial.js';
import type { SearchInput } from '../../../src/service/experiment/check-search.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { type ExperimentDelta, followExperiment } from '../../../src/service/experiment/follow-experiment.js';
import { bestTrials } from '../../../src/service/experiment/load-experiments.js';
import { codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, finish, leaseOne, trialNow } from '../job/queue.js';
import { ask, createSearch, historyOf, report, TWO, tell } from './searching.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const BOUNDED = {
  space: TWO.space,
  objective: { metric: 'loss', goal: 'minimize' },
  metricConstraints: [
    { metric: 'memory', atMost: 24, take: 'worst' },
    { metric: 'recall', atLeast: 0.9 },
  ],
  sampler: { kind: 'random' },
  budget: { maxTrials: 100, maxParallel: 10 },
} as const satisfies SearchInput;

describe('createExperiment', () => {
  it('keeps several objectives in their order, of which the first is the objective', async () => {
    const { id } = await createSearch(world, TWO);

    expect((await findExperiment(world.deps, world.admin, { id }))?.search).toMatchObject({
      objective: { metric: 'accuracy', goal: 'maximize', take: 'last' },
      objectives: [
        { metric: 'accuracy', goal: 'maximize', take: 'last' },
        { metric: 'size', goal: 'minimize', take: 'last' },
      ],
      metricConstraints: [],
      replicates: null,
    });
  });

  it('takes one objective as a list of one, and completes bounds', async () => {
    const { search } = await createSearch(world, BOUNDED);

    expect(search?.objectives).toEqual([{ metric: 'loss', goal: 'minimize', take: 'last' }]);
    expect(search?.metricConstraints).toEqual([
      { metric: 'memory', atMost: 24, atLeast: null, take: 'worst' },
      { metric: 'recall', atMost: null, atLeast: 0.9, take: 'last' },
    ]);
  });

  it('reads a search that was stored before there were several', async () => {
    const { id, search } = await createSearch(world, BOUNDED);
    await world.deps.database.transaction((tx) =>
      tx.query(
        `/* test */ UPDATE experiment SET search = search - 'objectives' - 'metricConstraints' - 'replicates' WHERE id = $1`,
        [id],
      ),
    );

    expect((await findExperiment(world.deps, world.admin, { id }))?.search).toEqual({
      ...search,
      metricConstraints: [],
    });
  });

  const one = { metric: 'a', goal: 'minimize' } as const;
  const wrong: Record<string, [Partial<SearchInput>, string, string]> = {
    'no objective': [{ objectives: null }, 'INPUT_INVALID', 'give objective or objectives'],
    'both ways at once': [{ objective: one }, 'INPUT_INVALID', 'one of the two'],
    'an empty list': [{ objectives: [] }, 'INPUT_INVALID', 'empty'],
    'nine objectives': [
      { objectives: Array.from({ length: 9 }, (_, i) => ({ ...one, metric: `m${i}` })) },
      'LIMIT_EXCEEDED',
      '8',
    ],
    'one metric twice': [{ objectives: [one, one] }, 'INPUT_INVALID', 'two objectives are of the metric a'],
    'an objective without a name': [{ objectives: [{ ...one, metric: '' }] }, 'INPUT_INVALID', 'name a metric'],
    'a method of one objective': [{ sampler: { kind: 'cma' } }, 'INPUT_INVALID', 'cma serves one objective, not 2'],
    'a constraint without a bound': [{ metricConstraints: [{ metric: 'a' }] }, 'INPUT_INVALID', 'on a needs atMost or'],
    'a constraint with two bounds': [
      { metricConstraints: [{ metric: 'a', atMost: 1, atLeast: 0 }] },
      'INPUT_INVALID',
      'one of the two',
    ],
    'an infinite bound': [
      { metricConstraints: [{ metric: 'a', atMost: Number.POSITIVE_INFINITY }] },
      'INPUT_INVALID',
      'finite',
    ],
    'replicates of several': [{ replicates: { count: 3 } }, 'INPUT_INVALID', 'replicates serve one objective'],
  };

  it.each(Object.keys(wrong))('refuses %s', async (what) => {
    const [part, code, words] = wrong[what]!;
    const creating = createSearch(world, { ...TWO, ...part });

    expect(await codeOf(creating)).toBe(code);
    await expect(creating).rejects.toThrow(words);
  });
});

describe('a trial of several objectives', () => {
  it('has the value of each, told or reported, when it ends', async () => {
    const experiment = await createSearch(world, {
      ...TWO,
      objectives: [TWO.objectives[0], { ...TWO.objectives[1], take: 'best' }],
    });
    const [reported, told, mixed] = [
      await ask(world, experiment),
      await ask(world, experiment),
      await ask(world, experiment),
    ];
    await report(world, reported, { accuracy: [0.5, 0.4], size: [9, 7, 8] });
    await report(world, mixed, { size: [3] });

    expect(await tell(world, reported)).toMatchObject({ state: 'COMPLETED', value: 0.4, objectiveValues: [0.4, 7] });
    expect(await tell(world, told, { objectiveValues: [0.9, -0] })).toMatchObject({
      value: 0.9,
      objectiveValues: [0.9, -0],
    });
    expect(await tell(world, mixed, { objectiveValues: [0.8, null] })).toMatchObject({ objectiveValues: [0.8, 3] });
    const history = await historyOf(experiment, world);
    expect(history.directions).toEqual(['maximize', 'minimize']);
    expect(history.trials.map(({ values }) => values)).toEqual([
      [0.4, 7],
      [0.9, -0],
      [0.8, 3],
    ]);
  });

  it('takes a single told value as that of the first', async () => {
    const experiment = await createSearch(world, TWO);
    const trial = await ask(world, experiment);
    await report(world, trial, { size: [3] });

    expect(await tell(world, trial, { value: 0.7 })).toMatchObject({ state: 'COMPLETED', objectiveValues: [0.7, 3] });
  });

  it('fails when one is missing or NaN, and keeps what is known', async () => {
    const experiment = await createSearch(world, { ...TWO, failureLimit: 0 });
    const [missing, nan, none] = [
      await ask(world, experiment),
      await ask(world, experiment),
      await ask(world, experiment),
    ];
    await report(world, missing, { accuracy: [0.5] });

    expect(await tell(world, missing)).toMatchObject({
      state: 'FAILED',
      cause: 'USER_CODE',
      message: 'no value of the objective size was reported; report it before the trial ends',
      value: 0.5,
      objectiveValues: [0.5, null],
    });
    expect(await tell(world, nan, { objectiveValues: [0.5, Number.NaN] })).toMatchObject({
      state: 'FAILED',
      message: 'NAN_OBJECTIVE: the objective size is NaN',
      objectiveValues: [0.5, Number.NaN],
    });
    expect(await tell(world, none)).toMatchObject({ state: 'FAILED', value: null, objectiveValues: null });
  });

  it('keeps an infinity, which is never best', async () => {
    const experiment = await createSearch(world, TWO);
    const [infinite, fair] = [await ask(world, experiment), await ask(world, experiment)];

    expect(await tell(world, infinite, { objectiveValues: [1, Number.NEGATIVE_INFINITY] })).toMatchObject({
      state: 'COMPLETED',
      objectiveValues: [1, Number.NEGATIVE_INFINITY],
    });
    await tell(world, fair, { objectiveValues: [0.1, 5] });
    expect((await bestTrials(world.deps, world.admin, [experiment.id]))[0]?.number).toBe(1);
  });

  it('refuses values that do not fit the objectives', async () => {
    const trial = await ask(world, await createSearch(world, TWO));

    expect(await codeOf(tell(world, trial, { objectiveValues: [1] }))).toBe('INPUT_INVALID');
    expect(await codeOf(tell(world, trial, { objectiveValues: [1, 2], value: 1 }))).toBe('INPUT_INVALID');
    expect(await trialNow(world, trial.id)).toMatchObject({ state: 'RUNNING' });
  });

  it('keeps what its code told until its runner says how it ended, and forgets it with the attempt', async () => {
    const experiment = await createSearch(world, TWO, ['train']);
    const worker = await addRunner(world);
    const leased = await leaseOne(world, worker);
    expect(leased.trial.experimentId).toBe(experiment.id);

    expect(await tell(world, leased.trial, { objectiveValues: [0.5, 2] })).toMatchObject({
      state: 'RUNNING',
      value: 0.5,
    });
    await finish(world, worker, leased, 'PREEMPTED');
    expect(await trialNow(world, leased.trial.id)).toMatchObject({
      state: 'WAITING',
      value: null,
      objectiveValues: null,
    });
    const again = await leaseOne(world, worker);
    await tell(world, again.trial, { attempt: 2, objectiveValues: [0.6, 3] });
    await finish(world, worker, again, 'COMPLETED');

    expect(await trialNow(world, leased.trial.id)).toMatchObject({
      state: 'COMPLETED',
      value: 0.6,
      objectiveValues: [0.6, 3],
    });
  });

  it('keeps what a pruned trial reported, though its models do not take it for a result', async () => {
    const experiment = await createSearch(world, TWO);
    const trial = await ask(world, experiment);
    await report(world, trial, { size: [3] });

    expect(await tell(world, trial, { state: 'PRUNED' })).toMatchObject({
      state: 'PRUNED',
      value: null,
      objectiveValues: [null, 3],
    });
    expect((await historyOf(experiment, world)).trials[0]?.values).toBeUndefined();
  });
});

/** What a subscriber is told first. */
async function firstDelta(experimentId: ExperimentId): Promise<ExperimentDelta> {
  const abort = new AbortController();
  for await (const delta of followExperiment(world.deps, world.admin, { experimentId }, abort.signal)) {
    abort.abort();
    return delta;
  }
  throw new Error('there was no delta');
}

describe('a bound on a metric', () => {
  async function run(metrics: Record<string, number[]>, experimentGiven?: Parameters<typeof ask>[1]): Promise<Trial> {
    const experiment = experimentGiven ?? (await createSearch(world, { ...BOUNDED, failureLimit: 0 }));
    const trial = await ask(world, experiment);
    await report(world, trial, metrics);
    return tell(world, trial);
  }

  it('is held against the last value, or the worst', async () => {
    expect(await run({ loss: [1], memory: [20, 24, 10], recall: [0.5, 0.9] })).toMatchObject({
      state: 'COMPLETED',
      constraintValues: [24, 0.9],
      violation: 0,
    });
    expect(await run({ loss: [1], memory: [20, 25, 10], recall: [0.9, 0.5] })).toMatchObject({
      state: 'COMPLETED',
      constraintValues: [25, 0.5],
      violation: expect.closeTo(1.4, 12),
    });
  });

  it('is broken by NaN, and an unreported metric is a failure', async () => {
    expect(await run({ loss: [1], memory: [1], recall: [Number.NaN] })).toMatchObject({
      state: 'COMPLETED',
      constraintValues: [1, Number.NaN],
      violation: Number.POSITIVE_INFINITY,
    });
    expect(await run({ loss: [1], memory: [1] })).toMatchObject({
      state: 'FAILED',
      cause: 'USER_CODE',
      message: 'no value of recall, which has a bound, was reported; report it before the trial ends',
      constraintValues: null,
      violation: null,
    });
  });

  it('makes the best trial a feasible one, live and in the events, and samplers know by how much each is exceeded', async () => {
    const experiment = await createSearch(world, BOUNDED);
    const best = async () => (await bestTrials(world.deps, world.admin, [experiment.id]))[0]?.number ?? null;

    await run({ loss: [1], memory: [30], recall: [1] }, experiment);
    expect(await best()).toBeNull();
    await run({ loss: [5], memory: [20], recall: [1] }, experiment);
    await run({ loss: [3], memory: [20], recall: [0.95] }, experiment);
    await run({ loss: [2], memory: [20], recall: [0.8] }, experiment);

    expect(await best()).toBe(2);
    expect((await firstDelta(experiment.id)).bestTrial?.number).toBe(2);
    const events = await world.deps.database.read.query<{ message: string }>(
      `/* test */ SELECT message FROM event WHERE experiment_id = $1 AND kind = 'TRIAL_BEST' ORDER BY id`,
      [experiment.id],
    );
    expect(events.map(({ message }) => message.slice(0, 7))).toEqual(['trial 1', 'trial 2']);
    const { trials } = await historyOf(experiment, world, await world.openServer());
    expect(trials.map(({ constraints }) => constraints)).toEqual([
      [6, 0.9 - 1],
      [-4, 0.9 - 1],
      [-4, 0.9 - 0.95],
      [-4, 0.9 - 0.8],
    ]);
  });
});
