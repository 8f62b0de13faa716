import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { facetTrials } from '../../../src/service/trial/facet-trials.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { groupTrials } from '../../../src/service/trial/group-trials.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import { completeFilter } from '../../../src/service/trial-filter/complete-filter.js';
import { addOrganization, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { reportLoss } from '../job/queue.js';

let world: World;
let experiment: Experiment;
const LOSSES = [1, 3, Number.NaN, 5, 1e300, null];

beforeAll(async () => {
  world = await openWorld();
  for (const [i, loss] of LOSSES.entries()) {
    const params = { layers: i < 4 ? 2 : 4, opt: i === 0 ? "it's" : 'adam', ...(i === 5 ? {} : { flag: true }) };
    const tags = i % 2 === 0 ? ['even', 'all'] : ['all'];
    const { trial } = await startTrial(world.deps, world.admin, { project: 'p', experiment: 'facets', params, tags });
    if (loss !== null) await reportLoss(world, trial, [loss]);
    if (i === 5)
      await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'FAILED', cause: 'OOM' });
  }
  experiment = (await findExperiment(world.deps, world.admin, { path: 'p/facets' })) as Experiment;
});
afterAll(() => world.close());

const facets = (fields: readonly string[], part: { first?: number; where?: string } = {}, principal = world.admin) =>
  facetTrials(world.deps, principal, { experimentId: experiment.id, fields, first: 20, ...part });
const groups = (by: readonly string[], part: { first?: number; where?: string } = {}, principal = world.admin) =>
  groupTrials(world.deps, principal, {
    experimentId: experiment.id,
    by,
    metricKeys: ['loss', 'absent'],
    stat: 'LAST',
    first: 50,
    ...part,
  });

describe('facetTrials', () => {
  it('counts the values of any field, the most frequent first', async () => {
    const answer = await facets(['params.layers', 'params.opt', 'state', 'tags', 'cause', 'params.flag']);

    expect(answer).toMatchObject({ trials: 6, isPartial: false });
    expect(answer.facets).toEqual([
      {
        field: 'params.layers',
        known: 6,
        distinct: 2,
        min: 2,
        max: 4,
        values: [
          { number: 2, text: null, count: 4 },
          { number: 4, text: null, count: 2 },
        ],
      },
      texts('params.opt', 6, [
        ['adam', 5],
        ["it's", 1],
      ]),
      texts('state', 6, [
        ['RUNNING', 5],
        ['FAILED', 1],
      ]),
      texts('tags', 9, [
        ['all', 6],
        ['even', 3],
      ]),
      texts('cause', 1, [['OOM', 1]]),
      texts('params.flag', 5, [['true', 5]]),
    ]);
  });

  it('ranges over finite numbers only, of the trials that the filter finds', async () => {
    const { facets: found } = await facets(['metrics.loss', 'value', 'created'], { where: 'params.layers = 2' });

    expect(found[0]).toMatchObject({ known: 4, distinct: 4, min: 1, max: 5 });
    expect(found[0]?.values.map(({ number }) => number)).toEqual([1, 3, 5, Number.NaN]);
    expect(found[1]).toEqual({ field: 'value', known: 0, distinct: 0, min: null, max: null, values: [] });
    expect(found[2]?.min).toBeCloseTo(world.deps.clock.now().getTime() / 1_000, -5);
  });

  it('keeps its limits, and to what the caller may see', async () => {
    const foreign = await addOrganization(world);

    expect((await facets(['params.opt'], { first: 1 })).facets[0]).toMatchObject({
      distinct: 2,
      values: [{ text: 'adam' }],
    });
    expect(await codeOf(facets(['params.opt'], { first: 201 }))).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(facets(Array.from({ length: 21 }, () => 'state')))).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(facets(['layers']))).toBe('FILTER_INVALID');
    expect(await codeOf(facets(['state'], {}, foreign.admin))).toBe('NOT_FOUND');
  });
});

describe('groupTrials', () => {
  it('summarises finite values by group, the largest group first', async () => {
    const answer = await groups(['layers']);

    expect(answer).toEqual({
      trials: 6,
      isPartial: false,
      totalGroups: 2,
      groups: [
        { params: { layers: 2 }, count: 4, metrics: [{ key: 'loss', count: 3, mean: 3, std: 2, min: 1, max: 5 }] },
        // One value beyond the squares that a double can sum.
        {
          params: { layers: 4 },
          count: 2,
          metrics: [{ key: 'loss', count: 1, mean: null, std: null, min: 1e300, max: 1e300 }],
        },
      ],
    });
  });

  it('groups by several params, what is missing by itself', async () => {
    const { groups: found } = await groups(['opt', 'flag', 'layers']);

    expect(found.map(({ params, count }) => [params, count])).toEqual([
      [{ opt: 'adam', flag: 'true', layers: 2 }, 3],
      [{ opt: 'adam', flag: 'true', layers: 4 }, 1],
      [{ opt: 'adam', flag: null, layers: 4 }, 1],
      [{ opt: "it's", flag: 'true', layers: 2 }, 1],
    ]);
  });

  it('keeps its limits, and to what the caller may see', async () => {
    const foreign = await addOrganization(world);

    expect(await groups(['layers'], { first: 1 })).toMatchObject({ totalGroups: 2, groups: [{ count: 4 }] });
    expect(await groups(['layers'], { where: 'number > 99' })).toMatchObject({ trials: 0, totalGroups: 0, groups: [] });
    expect(await codeOf(groups([]))).toBe('INPUT_INVALID');
    expect(await codeOf(groups(['a', 'b', 'c', 'd', 'e', 'f']))).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(groups(['layers'], {}, foreign.admin))).toBe('NOT_FOUND');
  });
});

describe('completeFilter', () => {
  const complete = (text: string, position = text.length) =>
    completeFilter(world.deps, world.admin, { experimentId: experiment.id, text, position });
  const words = async (text: string, position?: number) =>
    (await complete(text, position)).items.map((item) => item.text);

  it('offers fields by any beginning of their names', async () => {
    expect(await words('par')).toEqual(['params.flag', 'params.layers', 'params.opt']);
    expect(await words('lay')).toEqual(['params.layers']);
    expect(await words('metrics.loss.m')).toEqual(['metrics.loss.min', 'metrics.loss.max', 'metrics.loss.mean']);
    expect(await words('state = RUNNING AND (sta')).toEqual(['state', 'started']);
    expect(await complete('state = RUNNING AND (sta')).toMatchObject({ from: 21, to: 24 });
  });

  it('offers the operators of a field, and the values that trials have', async () => {
    expect(await words('tags ')).toEqual(['HAS', 'NOT HAS', 'IS NULL', 'IS NOT NULL']);
    expect(await words('params.layers = ')).toEqual(['2', '4']);
    expect(await words("params.opt = 'ad")).toEqual(["'adam'"]);
    expect(await words('params.opt IN (')).toEqual(["'adam'", '"it\'s"']);
    expect(await words('tags HAS ')).toEqual(["'all'", "'even'"]);
    expect(await words('state = r')).toEqual(['RUNNING']);
    expect(await words('state = RUNNING ')).toEqual(['AND', 'OR']);
    expect(await words('value IS ')).toEqual(['NULL', 'NOT NULL']);
    expect(await words('state =  AND number = 1', 8)).toContain('COMPLETED');
  });

  it('offers nothing after what cannot be read, and refuses places outside', async () => {
    expect(await words('state ; ')).toEqual([]);
    expect(await words('nonsense = 1 AND ')).toEqual([]);
    expect(await words(' '.repeat(2_000))).toEqual([]);
    expect(await codeOf(complete('state', 6))).toBe('INPUT_INVALID');
  });
});

function texts(field: string, known: number, values: readonly (readonly [string, number])[]) {
  return {
    field,
    known,
    distinct: values.length,
    min: null,
    max: null,
    values: values.map(([text, count]) => ({ number: null, text, count })),
  };
}
