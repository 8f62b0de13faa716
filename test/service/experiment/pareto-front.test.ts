import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPlatformError } from '../../../src/domain/errors.js';
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import type { Trial } from '../../../src/domain/trial.js';
import { growFront, NO_FRONT } from '../../../src/search/analysis/growing-front.js';
import { hypervolumeByTrial, kneePoint, paretoFront } from '../../../src/search/analysis/pareto.js';
import { historyAt } from '../../../src/search/history.js';
import { violation } from '../../../src/search/standing.js';
import type { Deps } from '../../../src/service/deps.js';
import {
  loadBestTrialPages,
  loadParetoFronts,
  type ParetoFront,
} from '../../../src/service/experiment/load-pareto-fronts.js';
import type { Page } from '../../../src/service/page.js';
import { onlyPage } from '../../../src/service/pages-by-parent.js';
import { measureFront } from '../../../src/service/search/measure-front.js';
import { inlineProposer } from '../../../src/service/search/proposer.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { addOrganization, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { ask, createSearch, historyOf, report, TWO, tell } from './searching.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** ZDT1 upside down: the first objective is maximised. */
const valuesAt = (x: number, y: number) => [-x, (1 + 9 * y) * (1 - Math.sqrt(x / (1 + 9 * y)))] as const;

/** Runs `count` trials three at a time; every tenth fails, and those with a large y break the bound if there is one. */
async function work(experiment: Experiment, count: number): Promise<void> {
  let asked = 0;
  while (asked < count) {
    const trials = [];
    for (let i = 0; i < 3 && asked < count; i++, asked++) trials.push(await ask(world, experiment));
    for (const trial of trials.reverse()) {
      if (trial.number % 10 === 9) await tell(world, trial, { state: 'FAILED', cause: 'OOM' });
      else {
        const objectiveValues = [...valuesAt(Number(trial.params.x), Number(trial.params.y))];
        if (experiment.search?.metricConstraints.length) await report(world, trial, { cost: [Number(trial.params.y)] });
        await tell(world, trial, { objectiveValues });
      }
    }
  }
}

interface Stored {
  readonly number: number;
  readonly values: readonly number[];
}

/** The front by comparing all with all, as the table has them. */
async function frontByForce({ id }: Experiment): Promise<readonly Stored[]> {
  const rows = await world.deps.database.read.query<Stored>(
    `/* test */ SELECT number, objective_values AS values FROM trial
     WHERE experiment_id = $1 AND state = 'COMPLETED' AND coalesce(violation, 0) = 0 ORDER BY number`,
    [id],
  );
  const beats = ([a = 0, b = 0]: readonly number[], [c = 0, d = 0]: readonly number[]) =>
    a >= c && b <= d && (a > c || b < d);
  return rows.filter(({ values }) => !rows.some((other) => beats(other.values, values)));
}

async function frontOf({ id }: Experiment, deps: Deps = world.deps, reference: readonly number[] | null = null) {
  const [front] = await loadParetoFronts(deps, world.admin, [id], reference);
  if (front === null || front === undefined || isPlatformError(front)) throw new Error('there is no front');
  return front;
}

const shown = (front: ParetoFront) =>
  [...front.numbers].map((number, i) => ({ number, values: front.values.map((column) => column[i]) }));

const BOUND = { metric: 'cost', atMost: 0.6 };

describe.each([
  ['tpe', { nStartup: 8 }, []],
  ['nsga2', { population: 8 }, []],
  ['tpe', { nStartup: 8 }, [BOUND]],
] as const)('a search of two objectives by %s %j with the bounds %j', (kind, options, metricConstraints) => {
  let experiment: Experiment;
  beforeAll(async () => {
    const sampler = { kind, options };
    const budget = { maxTrials: 60, maxParallel: 3 };
    experiment = await createSearch(world, { ...TWO, sampler, metricConstraints, budget });
    await work(experiment, 40);
  }, 60_000);

  it('ends with the front that comparing all stored trials gives, here and on a cold server', async () => {
    const expected = await frontByForce(experiment);

    expect(expected.length).toBeGreaterThan(2);
    for (const deps of [world.deps, await world.openServer()])
      expect(shown(await frontOf(experiment, deps))).toEqual(expected);
  });

  it('is replayed: each trial is proposed again from what was known then', async () => {
    const history = await historyOf(experiment, world, await world.openServer());

    expect(history.trials).toHaveLength(40);
    expect(history.trials.some((trial) => violation(trial) > 0)).toBe(metricConstraints.length > 0);
    for (const trial of history.trials) {
      const [proposal] = await inlineProposer.propose({
        sampler: (experiment.search as Search).sampler,
        history: historyAt(history, trial.askedAt),
        count: 1,
      });
      expect(proposal?.params).toEqual(trial.params);
    }
  });

  it('has the volumes and the knee that its history has', async () => {
    const history = await historyOf(experiment, world);
    const whole = hypervolumeByTrial(history);

    const { hypervolume, reference, knee } = await frontOf(experiment);

    expect(reference).toEqual(whole.reference);
    expect(knee).toBe(kneePoint(history)?.number ?? null);
    const ends = [...(hypervolume?.ended ?? [])].map((ended) => ended - 1);
    expect([...(hypervolume?.volumes ?? [])]).toEqual(ends.map((i) => whole.volumes[i]));
    expect([...(hypervolume?.numbers ?? [])]).toEqual(ends.map((i) => whole.numbers[i]));
    expect(hypervolume?.volumes.at(-1)).toBe(whole.volumes.at(-1));
  });

  it('goes on growing, and forgets a trial that is deleted', async () => {
    await work(experiment, 15);
    expect(shown(await frontOf(experiment))).toEqual(await frontByForce(experiment));
    const [first] = await frontByForce(experiment);
    const page = onlyPage(await loadBestTrialPages(world.deps, world.admin, [experiment.id], { first: 1 }));
    expect(page.items[0]?.number).toBe(first?.number);

    await deleteTrial(world.deps, world.admin, { id: page.items[0]!.id });

    const now = shown(await frontOf(experiment));
    expect(now).toEqual(await frontByForce(experiment));
    expect(now.map(({ number }) => number)).not.toContain(first?.number);
  });

  it('pages through the trials of the front by number', async () => {
    const expected = (await frontByForce(experiment)).map(({ number }) => number);
    const numbers: number[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Page<Trial> = onlyPage(
        await loadBestTrialPages(world.deps, world.admin, [experiment.id], { first: 2, after }),
      );
      numbers.push(...page.items.map(({ number }) => number));
      expect(await page.total()).toBe(expected.length);
      if (!page.hasNextPage) break;
      after = page.cursors.at(-1) ?? null;
    }

    expect(numbers).toEqual(expected);
  });
});

describe('a front', () => {
  it('holds feasible trials only, equal ones together', async () => {
    const experiment = await createSearch(world, { ...TWO, metricConstraints: [{ metric: 'size', atMost: 5 }] });
    for (const objectiveValues of [
      [0.9, 6],
      [0.5, 5],
      [0.5, 5],
      [0.1, 1],
      [0.1, 2],
    ]) {
      const trial = await ask(world, experiment);
      // Told, and so never reported: the bound needs the metric.
      await report(world, trial, { size: [objectiveValues[1] ?? 0] });
      await tell(world, trial, { objectiveValues });
    }

    expect([...(await frontOf(experiment)).numbers]).toEqual([1, 2, 3]);
    expect((await frontByForce(experiment)).map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(paretoFront(await historyOf(experiment, world)).map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('measures up to the reference that is given, and refuses one that does not fit', async () => {
    const experiment = await createSearch(world, TWO);
    for (const objectiveValues of [
      [3, 1],
      [5, 2],
    ])
      await tell(world, await ask(world, experiment), { objectiveValues });

    const { hypervolume, reference } = await frontOf(experiment, world.deps, [0, 4]);

    expect(reference).toEqual([0, 4]);
    expect([...(hypervolume?.volumes ?? [])]).toEqual([9, 13]);
    for (const wrong of [[1], [1, Number.NaN], [1, 2, 3]])
      expect(await loadParetoFronts(world.deps, world.admin, [experiment.id], wrong)).toMatchObject([
        { code: 'INPUT_INVALID' },
      ]);
  });

  it('is empty before the first trial, and has the volumes of its history with four objectives too', async () => {
    const metrics = ['a', 'b', 'c', 'd'].map((metric) => ({ metric, goal: 'minimize' }) as const);
    const experiment = await createSearch(world, { ...TWO, objectives: metrics });

    const before = await frontOf(experiment);
    expect([before.numbers.length, before.values.length, before.reference, before.knee]).toEqual([0, 4, [], null]);
    for (let i = 0; i < 6; i++)
      await tell(world, await ask(world, experiment), { objectiveValues: [i, 6 - i, (i * 3) % 5, (i * 2) % 7] });
    const { numbers, hypervolume } = await frontOf(experiment);
    expect(numbers.length).toBeGreaterThan(3);
    const { volumes } = hypervolumeByTrial(await historyOf(experiment, world));
    expect([...(hypervolume?.volumes ?? [])]).toEqual(
      [...(hypervolume?.ended ?? [])].map((ended) => volumes[ended - 1]),
    );
  });

  it('has no volumes where they take too long', async () => {
    const values = (i: number) => Array.from({ length: 8 }, (_, o) => Math.abs(Math.sin(i * 7 + o * 3 + 1)));
    const trials = Array.from({ length: 2_000 }, (_, number) => ({ number, values: values(number) }));

    expect(await measureFront(growFront(NO_FRONT, trials), Array(8).fill(2), 300)).toBeNull();
  });

  it('is refused while many volumes wait to be measured, and not for ever', async () => {
    const front = () => growFront(NO_FRONT, [{ number: 0, values: [1, 1, 1, 1] }]);
    const fronts = Array.from({ length: 40 }, front);

    const settled = await Promise.allSettled(fronts.map((one) => measureFront(one, [2, 2, 2, 2], 1)));

    const refused = settled.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(10);
    expect(refused.length).toBeLessThan(40);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'OVERLOADED' } });
    expect(await measureFront(fronts.at(-1)!, [2, 2, 2, 2])).toEqual(Float64Array.of(1));
  });

  it('is none of a search of one objective, whose best trials are the best one', async () => {
    const { objectives, ...rest } = TWO;
    const experiment = await createSearch(world, { ...rest, objective: objectives[1] });
    const none = onlyPage(await loadBestTrialPages(world.deps, world.admin, [experiment.id], { first: 9 }));
    for (const value of [3, 2, 2]) await tell(world, await ask(world, experiment), { value });

    expect(await loadParetoFronts(world.deps, world.admin, [experiment.id], null)).toEqual([null]);
    const page = onlyPage(await loadBestTrialPages(world.deps, world.admin, [experiment.id], { first: 9 }));
    expect([none.items, page.items.map(({ number }) => number), await page.total()]).toEqual([[], [1], 1]);
  });

  it('is not seen from elsewhere', async () => {
    const experiment = await createSearch(world, TWO);
    const { admin } = await addOrganization(world);

    expect(await loadParetoFronts(world.deps, admin, [experiment.id], null)).toEqual([null]);
    const [page] = await loadBestTrialPages(world.deps, admin, [experiment.id], { first: 9 });
    expect(page).toMatchObject({ code: 'NOT_FOUND' });
    const wrong = loadBestTrialPages(world.deps, world.admin, [experiment.id], { first: 0 });
    expect(await codeOf(wrong)).toBe('INPUT_INVALID');
  });
});
