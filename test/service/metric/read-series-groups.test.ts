import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trial } from '../../../src/domain/trial.js';
import { type ReadSeriesGroupsInput, readSeriesGroups } from '../../../src/service/metric/read-series-groups.js';
import { groupTrials } from '../../../src/service/trial/group-trials.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import { addOrganization, codeOf, trialPrincipal } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { outsider, viewer } from './running-trial.js';

let world: World;
let trials: Trial[];
let experimentId: string;

/** Trial i logs the losses i and 10 i; the last one logs nothing. */
const PARAMS = [{ layers: 2, flag: true }, { layers: 2, flag: true }, { layers: 2 }, { layers: 4 }, { layers: 4 }];

beforeAll(async () => {
  world = await openWorld();
  trials = [];
  for (const [i, params] of PARAMS.entries()) {
    const { trial } = await startTrial(world.deps, world.admin, { project: 'p', experiment: 'groups', params });
    trials.push(trial);
    if (i < 4) await report(trial, [i, 10 * i]);
  }
  experimentId = (trials[0] as Trial).experimentId;
});
afterAll(() => world.close());

async function report(trial: Trial, losses: readonly number[]): Promise<void> {
  const values = Float64Array.from(losses);
  const steps = values.map((_, i) => i);
  const series = [{ key: 'loss', steps, times: steps, values }];
  const { projectId, id: trialId } = trial;
  const batch = { projectId, trialId, attempt: 1, epoch: null, stream: 's', seq: 0, dropped: 0, series };
  expect((await world.deps.metrics.append(batch)).outcome).toBe('ACCEPTED');
}

const read = (part: Partial<ReadSeriesGroupsInput> = {}, principal = world.admin) =>
  readSeriesGroups(world.deps, principal, {
    experimentId,
    by: [],
    keys: ['loss'],
    maxPoints: 500,
    quantiles: [0.5],
    ...part,
  });
const plain = (columns: object | undefined) =>
  JSON.parse(JSON.stringify(columns, (_, value) => (value instanceof Float64Array ? [...value] : value)));

describe('readSeriesGroups', () => {
  it('takes all trials as one group unless told otherwise', async () => {
    const { groups, ...rest } = await read();

    expect(rest).toEqual({ trials: 5, isPartial: false, otherGroups: 0 });
    expect(groups.map(({ params, trialCount }) => [params, trialCount])).toEqual([[{}, 5]]);
    expect(plain(groups[0]?.series[0])).toEqual({
      key: 'loss',
      width: 1,
      steps: [0, 1],
      members: [4, 4],
      mean: [1.5, 15],
      sd: [expect.closeTo(1.2909944487358056, 12), expect.closeTo(12.909944487358056, 12)],
      min: [0, 0],
      max: [3, 30],
      lowest: [0, 0],
      highest: [3, 30],
      quantiles: [[1.5, 15]],
    });
  });

  it('groups as groups of trials do, what is missing by itself', async () => {
    const by = ['layers', 'flag'];

    const { groups } = await read({ by });

    const same = await groupTrials(world.deps, world.admin, {
      experimentId,
      by,
      metricKeys: [],
      stat: 'LAST',
      first: 50,
    });
    expect(groups.map(({ params, trialCount }) => [params, trialCount])).toEqual(
      same.groups.map(({ params, count }) => [params, count]),
    );
    expect(groups.map(({ params, series }) => [params, [...(series[0]?.mean ?? [])]])).toEqual([
      [{ layers: 2, flag: 'true' }, [0.5, 5]],
      [{ layers: 4, flag: null }, [3, 30]],
      [{ layers: 2, flag: null }, [2, 20]],
    ]);
    expect([...(groups[1]?.series[0]?.sd ?? [])]).toEqual([Number.NaN, Number.NaN]); // one of the two has points
  });

  it('leaves out trials that the filter does not find, and steps outside', async () => {
    const { groups, trials: found } = await read({ where: 'params.layers = 2 AND number > 0', fromStep: 1 });

    expect(found).toBe(2);
    expect(plain(groups[0]?.series[0])).toMatchObject({ steps: [1], members: [2], mean: [15] });
    expect(await read({ where: 'number > 99' })).toMatchObject({ trials: 0, otherGroups: 0, groups: [] });
  });

  it('gives each key once in the order asked for, also those that nobody has', async () => {
    const { groups } = await read({ keys: ['absent', 'loss', 'absent'] });

    expect(groups[0]?.series.map(({ key, steps }) => [key, steps.length])).toEqual([
      ['absent', 0],
      ['loss', 2],
    ]);
  });

  it('counts the groups beyond the fifty largest', async () => {
    let other: Trial | null = null;
    for (let i = 0; i < 52; i++) {
      const named = { project: 'p', experiment: 'many', params: { i: i === 51 ? 0 : i } };
      other = (await startTrial(world.deps, world.admin, named)).trial;
    }

    const { groups, otherGroups, trials: all } = await read({ experimentId: other?.experimentId ?? '', by: ['i'] });

    expect([groups.length, otherGroups, all]).toEqual([50, 1, 52]);
    expect(groups[0]).toMatchObject({ params: { i: 0 }, trialCount: 2 });
  });

  it('is for those who may read the experiment', async () => {
    const foreign = await addOrganization(world);

    expect((await read({}, viewer(world) as typeof world.admin)).trials).toBe(5);
    expect(await codeOf(read({}, outsider(world) as typeof world.admin))).toBe('NOT_FOUND');
    expect(await codeOf(read({}, foreign.admin))).toBe('NOT_FOUND');
    const token = trialPrincipal(world, trials[0] as Trial);
    expect(await codeOf(readSeriesGroups(world.deps, token, { ...NOTHING, experimentId }))).toBe('NOT_FOUND');
  });

  it('refuses what makes no sense or is too much', async () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => `k${i}`);

    expect(await codeOf(read({ keys: many(21) }))).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(read({ by: many(6) }))).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(read({ quantiles: [2] }))).toBe('INPUT_INVALID');
    expect(await codeOf(read({ maxPoints: 1 }))).toBe('INPUT_INVALID');
    expect(await codeOf(read({ where: 'nonsense = 1' }))).toBe('FILTER_INVALID');
    expect(await codeOf(read({ experimentId: 'x' }))).toBe('NOT_FOUND');
  });
});

const NOTHING = { by: [], keys: [], maxPoints: 2, quantiles: [] };
