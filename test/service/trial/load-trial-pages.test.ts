/** Lists of one and of many experiments against sorting and filtering everything: any tree, any order, any page. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPlatformError } from '../../../src/domain/errors.js';
import type { Experiment } from '../../../src/domain/experiment.js';
import { newId } from '../../../src/service/ids.js';
import type { Page } from '../../../src/service/page.js';
import type { PageOrError } from '../../../src/service/pages-by-parent.js';
import { listTrials } from '../../../src/service/trial/list-trials.js';
import { loadTrialPages, type TrialListing } from '../../../src/service/trial/load-trial-pages.js';
import type { TrialOrder } from '../../../src/store/queries/trial-order.js';
import { addExperiment, addOrganization, addProject } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { storeTrial, trialPlan } from '../trial-filter/stored.js';
import { filterTree, METRICS, meets, type Observed, PARAMS, write } from '../trial-filter/trees.js';

let world: World;
const experiments: Experiment[] = [];
const observed = new Map<string, readonly Observed[]>();

beforeAll(async () => {
  world = await openWorld();
  const project = await addProject(world);
  // Those that count many trials are walked step by step, the others together.
  for (const [i, nextNumber] of [20, 1_000_000, 20, 1_000_000, 0].entries()) {
    const experiment = await addExperiment(world, { nextNumber, ...(i % 3 === 0 ? { projectId: project.id } : {}) });
    const plans = fc.sample(trialPlan, { seed: i, numRuns: nextNumber === 0 ? 0 : 20 });
    const trials: Observed[] = [];
    for (const [number, plan] of plans.entries()) trials.push(await storeTrial(world, experiment, number, plan));
    experiments.push(experiment);
    observed.set(experiment.id, trials);
  }
});
afterAll(() => world.close());

const key = (by: TrialOrder['by'], names: readonly string[]) =>
  fc.constantFrom(...names).map((name) => ({ by, key: name }));
const anOrder = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('NUMBER', 'STATE', 'CREATED_AT', 'DURATION', 'VALUE').map((by) => ({ by, key: null })),
      key('PARAM', PARAMS),
      key('METRIC_LAST', METRICS),
      key('METRIC_MIN', METRICS),
      key('METRIC_MAX', METRICS),
    ),
    fc.constantFrom('ASC', 'DESC'),
  )
  .map(([order, direction]) => ({ ...order, direction }) as TrialOrder);

type Place = readonly [rank: number, value: number | string];

function placeOf({ trial, summaries }: Observed, { by, key: name }: TrialOrder): Place {
  const amount = (value: number | null | undefined): Place => (Number.isFinite(value) ? [0, Number(value)] : [2, 0]);
  const summary = summaries.get(name ?? '');
  switch (by) {
    case 'NUMBER':
      return amount(trial.number);
    case 'STATE':
      return [1, trial.state];
    case 'CREATED_AT':
      return amount(trial.createdAt.getTime());
    case 'DURATION':
      return trial.startedAt === null || trial.endedAt === null
        ? [2, 0]
        : amount(trial.endedAt.getTime() - trial.startedAt.getTime());
    case 'VALUE':
      return amount(trial.value);
    case 'PARAM': {
      const value = trial.params[name ?? ''];
      if (typeof value === 'number') return amount(value);
      return value === undefined || value === null ? [2, 0] : [1, String(value)];
    }
    case 'METRIC_LAST':
      return amount(summary?.last);
    case 'METRIC_MIN':
      return amount(summary?.min);
    case 'METRIC_MAX':
      return amount(summary?.max);
  }
}

/** Sorted the plain way. */
function sorted(trials: readonly Observed[], order: TrialOrder): readonly number[] {
  const sign = order.direction === 'ASC' ? 1 : -1;
  const compare = (a: number | string, b: number | string) =>
    typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : a - Number(b);
  return trials
    .map((one) => ({ trial: one.trial, place: placeOf(one, order) }))
    .sort((a, b) => {
      const [x, y] = [a.place, b.place];
      if (x[0] !== y[0]) return x[0] - y[0];
      if (x[0] === 2) return a.trial.number - b.trial.number;
      return sign * (compare(x[1], y[1]) || compare(a.trial.id, b.trial.id));
    })
    .map(({ trial }) => trial.number);
}

function sound<T>(page: PageOrError<T> | undefined): Page<T> {
  if (page === undefined || isPlatformError(page)) throw page ?? new Error('no page');
  return page;
}

/** The rest of an experiment's list after a page, asked for in both ways by turns. */
async function readOn(experiment: Experiment, listing: TrialListing, start: Page<{ number: number }>) {
  const numbers = start.items.map((trial) => trial.number);
  let page = start;
  for (let turn = 0; page.hasNextPage; turn++) {
    const next = { ...listing, after: page.cursors.at(-1) ?? null };
    page =
      turn % 2 === 0
        ? await listTrials(world.deps, world.admin, { ...next, experimentId: experiment.id })
        : sound((await loadTrialPages(world.deps, world.admin, [experiment.id], next))[0]);
    numbers.push(...page.items.map((trial) => trial.number));
  }
  return numbers;
}

describe('loadTrialPages', () => {
  it('gives every experiment the pages that sorting and filtering everything would', { timeout: 120_000 }, async () => {
    const now = world.deps.clock.now();
    const ids = experiments.map(({ id }) => id);
    const someTree = fc.option(filterTree, { nil: null, freq: 4 });
    await fc.assert(
      fc.asyncProperty(someTree, anOrder, fc.constantFrom(1, 3, 7, 200), async (tree, orderBy, first) => {
        const where = tree === null ? '' : write(tree);
        fc.pre(Buffer.byteLength(where) <= 1024);
        const listing = { where, orderBy, first };

        const pages = await loadTrialPages(world.deps, world.admin, ids, listing);

        for (const [i, experiment] of experiments.entries()) {
          const meeting = (observed.get(experiment.id) ?? []).filter((one) => tree === null || meets(tree, one, now));
          const page = sound(pages[i]);
          expect(await readOn(experiment, listing, page)).toEqual(sorted(meeting, orderBy));
          expect(await page.total()).toBe(meeting.length);
        }
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it('refuses the cursor of another experiment, and hides those of others', async () => {
    const [one, other] = experiments as [Experiment, Experiment];
    const foreign = await addOrganization(world);
    const page = sound((await loadTrialPages(world.deps, world.admin, [one.id], { first: 1 }))[0]);
    const absent = newId<Experiment['id']>(world.deps);
    const codes = async (...[deps, principal, ids, listing]: Parameters<typeof loadTrialPages>) =>
      (await loadTrialPages(deps, principal, ids, listing)).map((each) => (isPlatformError(each) ? each.code : 'page'));

    const given = { first: 1, after: page.cursors[0] ?? null };
    expect(await codes(world.deps, world.admin, [one.id, other.id, absent], given)).toEqual([
      'page',
      'CURSOR_INVALID',
      'NOT_FOUND',
    ]);
    expect(await codes(world.deps, foreign.admin, [one.id, other.id], { first: 1 })).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
  });
});
