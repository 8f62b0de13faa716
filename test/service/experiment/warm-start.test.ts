import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import type { Params } from '../../../src/domain/trial.js';
import { type History, historyAt, nextNumber } from '../../../src/search/history.js';
import type { SearchInput } from '../../../src/service/experiment/check-search.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { deleteExperiment } from '../../../src/service/experiment/delete-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { reviseSearch } from '../../../src/service/experiment/revise-search.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { inlineProposer } from '../../../src/service/search/proposer.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { addOrganization, codeOf, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { reportLoss } from '../job/queue.js';
import { ask, createSearch, report, tell } from './searching.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const SEARCH = {
  space: { x: { kind: 'int', low: 0, high: 9 } },
  objective: { metric: 'loss', goal: 'minimize' },
  sampler: { kind: 'random' },
  budget: { maxTrials: 50, maxParallel: 50 },
} as const;

function create(search: Partial<SearchInput> | null): Promise<Experiment> {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('warm'),
    search: search === null ? null : { ...SEARCH, ...search },
  });
}

const pathOf = ({ name }: Experiment) => `${world.project.name}/${name}`;

/** A trial with these params that ended; its reports are `reported`. */
async function run(
  experiment: Experiment,
  params: Params,
  end: { state?: 'COMPLETED' | 'PRUNED' | 'FAILED'; value?: number; reported?: readonly number[] },
): Promise<void> {
  const { state = 'COMPLETED', value = null, reported = [] } = end;
  await createTrial(world.deps, world.admin, { experimentId: experiment.id, params });
  const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
  if (reported.length > 0) await reportLoss(world, started!.trial, reported);
  await finishTrial(world.deps, world.admin, { trialId: started!.trial.id, attempt: 1, state, value });
}

async function historyOf({ id }: Experiment, deps = world.deps): Promise<History> {
  const { search } = (await findExperiment(deps, world.admin, { id })) as Experiment;
  return loadHistory(deps.database.read, deps.database, id, search as Search);
}

/** Number, params, state, values and reports of each trial. */
function known({ trials }: Pick<History, 'trials'>) {
  return trials.map(({ number, params, state, values, reports }) => [number, params, state, values, [...reports]]);
}

describe('a search that begins with trials of others', () => {
  it('knows what they say of its objective, in order, before the first of its own', async () => {
    const [one, other] = [await create({}), await create({})];
    await run(one, { x: 1 }, { value: 0.5, reported: [2, 0.5] });
    await run(one, { x: 2 }, { state: 'PRUNED', reported: [7] });
    await run(one, { x: 3 }, { state: 'FAILED' });
    await run(one, { x: 4 }, { state: 'PRUNED' });
    await run(other, { x: 5 }, { value: Number.POSITIVE_INFINITY });

    const experiment = await create({ warmStart: [pathOf(one), other.id, one.id] });

    expect(experiment.search?.warmTrials).toBe(3);
    const history = await historyOf(experiment);
    expect(known(history)).toEqual([
      [-3, { x: 1 }, 'COMPLETED', [0.5], [2, 0.5]],
      [-2, { x: 2 }, 'PRUNED', undefined, [7]],
      [-1, { x: 5 }, 'COMPLETED', [Number.POSITIVE_INFINITY], []],
    ]);
    expect(nextNumber(history)).toBe(0);
    expect((await askTrial(world.deps, world.admin, { experimentId: experiment.id })).started?.trial.number).toBe(0);
  });

  it('reads the objective from the metrics of experiments that had another one, or none', async () => {
    const folder = await create(null);
    const other = await create({ objective: { metric: 'accuracy', goal: 'maximize' } });
    await run(folder, { x: 1 }, { reported: [3, 1, 2] });
    await run(folder, { x: 2 }, {});
    await run(other, { x: 3 }, { value: 99, reported: [9, 8] });

    const last = await create({ warmStart: [folder.id, other.id] });
    const best = await create({ warmStart: [folder.id], objective: { ...SEARCH.objective, take: 'best' } });

    expect(known(await historyOf(last))).toEqual([
      [-2, { x: 1 }, 'COMPLETED', [2], []],
      [-1, { x: 3 }, 'COMPLETED', [8], []],
    ]);
    expect(known(await historyOf(best))).toEqual([[-1, { x: 1 }, 'COMPLETED', [1], []]]);
  });

  it('knows all objectives and bounds of theirs, their own values before what they reported, and leaves out what lacks one', async () => {
    const objectives = [
      { metric: 'size', goal: 'minimize' },
      { metric: 'accuracy', goal: 'maximize' },
    ] as const;
    const { objective: _, ...rest } = SEARCH;
    const source = await createSearch(world, { ...rest, objectives: [objectives[1], objectives[0]] });
    for (const [size, memory] of [
      [7, [9, 3]],
      [8, []],
    ] as const) {
      const trial = await ask(world, source);
      await report(world, trial, {
        size: [size],
        accuracy: [0.1],
        ...(memory.length > 0 ? { memory: [...memory] } : {}),
      });
      await tell(world, trial, { objectiveValues: [0.5, null] });
    }
    const metricConstraints = [{ metric: 'memory', atMost: 4, take: 'worst' }] as const;

    const experiment = await createSearch(world, { ...rest, objectives, metricConstraints, warmStart: [source.id] });
    const all = await createSearch(world, { ...rest, objectives, warmStart: [source.id] });

    const [only, ...others] = (await historyOf(experiment)).trials;
    expect([only?.number, only?.values, only?.constraints, others]).toEqual([-1, [7, 0.5], [5], []]);
    expect((await historyOf(all)).trials.map(({ values, constraints }) => [values, constraints])).toEqual([
      [[7, 0.5], undefined],
      [[8, 0.5], undefined],
    ]);
  });

  it('completes them by its defaults, and keeps those that do not fit until a revision takes them', async () => {
    const source = await create({});
    await run(source, { x: 1 }, { value: 1 });
    await run(source, { x: 9 }, { value: 9 });
    const space = { x: { kind: 'int', low: 0, high: 5 }, y: { kind: 'int', low: 0, high: 3, default: 2 } };

    const experiment = await create({ space, warmStart: [source.id] });

    const history = await historyOf(experiment);
    expect(history.trials).toMatchObject([{ number: -2, params: { x: 1, y: 2 }, asked: { x: 1 } }]);
    expect(history.outside).toMatchObject([{ number: -1, params: { x: 9 } }]);
    await reviseSearch(world.deps, world.admin, { experimentId: experiment.id, space: SEARCH.space });
    expect((await historyOf(experiment)).trials.map(({ params }) => params)).toEqual([{ x: 1 }, { x: 9 }]);
  });

  it('proposes the same again when they have gone, or others have ended since', async () => {
    const source = await create({});
    for (let x = 0; x < 10; x++) await run(source, { x }, { value: (x - 3) ** 2, reported: [x] });
    const sampler = { kind: 'tpe', options: { nStartup: 5 } };
    const experiment = await create({
      warmStart: [source.id],
      sampler,
      space: { x: { kind: 'float', low: 0, high: 8 } }, // the tenth does not fit, and counts neither now nor in replay
    });
    for (let i = 0; i < 4; i++) {
      const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
      await finishTrial(world.deps, world.admin, {
        trialId: started!.trial.id,
        attempt: 1,
        state: 'COMPLETED',
        value: i,
      });
    }
    await run(source, { x: 0 }, { value: -1 });
    await deleteExperiment(world.deps, world.admin, { id: source.id });

    const history = await historyOf(experiment, await world.openServer());

    const own = history.trials.filter(({ number }) => number >= 0);
    expect([history.trials.length, history.outside?.length, own.length]).toEqual([13, 1, 4]);
    for (const trial of own) {
      const then = historyAt(history, trial.askedAt);
      expect(then.outside).toMatchObject([{ number: -1, params: { x: 9 } }]);
      const [proposal] = await inlineProposer.propose({ sampler, history: then, count: 1 });
      expect(proposal?.params).toEqual(trial.params);
      expect(proposal?.explanation.phase, 'the model speaks at once').not.toBe('STARTUP');
    }
  });

  it('refuses what is not there, not visible, or of no use', async () => {
    const [empty, source] = [await create({}), await create({})];
    await run(source, { x: 1 }, { value: 1 });
    const { admin, project } = await addOrganization(world);
    const foreign = createExperiment(world.deps, admin, {
      projectId: project.id,
      name: 'foreign',
      search: { ...SEARCH, warmStart: [source.id] },
    });

    expect(await codeOf(foreign)).toBe('NOT_FOUND');
    expect(await codeOf(create({ warmStart: ['no/where'] }))).toBe('NOT_FOUND');
    expect(await codeOf(create({ warmStart: ['nowhere'] }))).toBe('NOT_FOUND');
    expect(await codeOf(create({ warmStart: [empty.id] }))).toBe('INPUT_INVALID');
    const space = { z: { kind: 'float', low: 0, high: 1 } };
    await expect(create({ warmStart: [source.id], space })).rejects.toThrow('none of them is legal in the space');
    expect(await codeOf(create({ warmStart: Array.from({ length: 21 }, () => source.id) }))).toBe('LIMIT_EXCEEDED');
  });
});
