import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentId } from '../../../src/domain/ids.js';
import { loadMetricKeys } from '../../../src/service/metric/load-metric-keys.js';
import { loadSummaries } from '../../../src/service/metric/load-summaries.js';
import { readSeries } from '../../../src/service/metric/read-series.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { openWorld, type World } from '../../support/world.js';
import { foreigner, newExperiment, newRunningTrial, outsider, viewer } from './running-trial.js';

describe('reporting metrics', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('stores points of a trial by its token, and of a person who may write', async () => {
    const { trialId, token } = await newRunningTrial(world);
    const report = (seq: number) => ({
      trialId,
      attempt: 1,
      stream: 's',
      seq,
      series: [column('loss', [seq, seq + 1])],
    });

    const byToken = await reportMetrics(world.deps, token, report(0));
    const byPerson = await reportMetrics(world.deps, world.admin, report(2));

    expect(byToken).toEqual({ outcome: 'ACCEPTED', nextSeq: 2, verdict: { stop: false, pause: false, reason: null } });
    expect(byPerson).toMatchObject({ outcome: 'ACCEPTED', nextSeq: 4 });
    const { series } = await readSeries(world.deps, world.admin, {
      trialIds: [trialId],
      keys: ['loss'],
      maxPoints: 10,
    });
    expect([...(series[0]?.steps ?? [])]).toEqual([0, 1, 2, 3]);
  });

  it('refuses everyone else, and says nothing of what exists', async () => {
    const { trialId, experimentId } = await newRunningTrial(world);
    const other = await newRunningTrial(world);
    const report = { trialId, attempt: 1, stream: 's', seq: 0, series: [column('loss', [1])] };

    for (const [principal, code] of [
      [viewer(world), 'FORBIDDEN'],
      [outsider(world), 'NOT_FOUND'],
      [foreigner(world), 'NOT_FOUND'],
      [other.token, 'NOT_FOUND'],
    ] as const) {
      await expect(reportMetrics(world.deps, principal, report)).rejects.toMatchObject({ code });
    }
    for (const principal of [outsider(world), foreigner(world), other.token]) {
      await expect(
        readSeries(world.deps, principal, { trialIds: [trialId], keys: ['loss'], maxPoints: 10 }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await loadSummaries(world.deps, principal, [trialId])).toEqual([[]]);
      expect(await loadMetricKeys(world.deps, principal, [experimentId])).toEqual([[]]);
    }
    await expect(
      readSeries(world.deps, other.token, { experimentId, keys: ['loss'], maxPoints: 10 }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/) });
    await expect(
      readSeries(world.deps, world.admin, { experimentId: 'x' as ExperimentId, keys: [], maxPoints: 10 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('tells a superseded attempt to stop', async () => {
    const { trialId, token } = await newRunningTrial(world);
    await world.deps.database.read.query('UPDATE trial_lease SET epoch = epoch + 1 WHERE trial_id = $1', [trialId]);

    const answer = await reportMetrics(world.deps, token, {
      trialId,
      attempt: 1,
      stream: 's',
      seq: 0,
      series: [column('loss', [1])],
    });

    expect(answer).toMatchObject({ outcome: 'FENCED', nextSeq: 0, verdict: { stop: true } });
  });

  it('passes on a stop that a person asked for', async () => {
    const { trialId, token } = await newRunningTrial(world);
    await world.deps.database.read.query(
      `UPDATE trial SET stop_reason = 'USER', stop_message = 'enough' WHERE id = $1`,
      [trialId],
    );

    const answer = await reportMetrics(world.deps, token, {
      trialId,
      attempt: 1,
      stream: 's',
      seq: 0,
      series: [column('noise', [1])],
    });

    expect(answer).toMatchObject({ outcome: 'ACCEPTED', verdict: { stop: true, pause: false, reason: 'enough' } });
  });

  it('acknowledges what it stored even when the pruner cannot judge', async () => {
    const experimentId = await newExperiment(world, {
      objective: { metric: 'loss', goal: 'minimize', take: 'last' },
      pruner: { kind: 'no such pruner', options: {} },
      space: {},
      sampler: { kind: 'random', options: {} },
      budget: { maxTrials: 1, maxParallel: 1, maxHours: null },
      seed: '1',
    });
    const { trialId, token } = await newRunningTrial(world, experimentId);

    const answer = await reportMetrics(world.deps, token, {
      trialId,
      attempt: 1,
      stream: 's',
      seq: 0,
      series: [column('loss', [1])],
    });

    expect(answer).toEqual({ outcome: 'ACCEPTED', nextSeq: 1, verdict: { stop: false, pause: false, reason: null } });
  });

  it('gives summaries and keys in the order asked', async () => {
    const experimentId = await newExperiment(world);
    const [one, two] = [await newRunningTrial(world, experimentId), await newRunningTrial(world, experimentId)];
    await reportMetrics(world.deps, one.token, {
      trialId: one.trialId,
      attempt: 1,
      stream: 's',
      seq: 0,
      series: [column('b', [1]), column('a', [2, Number.NaN])],
    });

    const summaries = await loadSummaries(world.deps, world.admin, [two.trialId, one.trialId]);

    expect(summaries[0]).toEqual([]);
    expect(summaries[1]?.map(({ key, count, nonFinite, mean }) => [key, count, nonFinite, mean])).toEqual([
      ['a', 2, 1, 2],
      ['b', 1, 0, 1],
    ]);
    expect(await loadSummaries(world.deps, world.admin, [one.trialId], ['b'])).toMatchObject([[{ key: 'b' }]]);
    expect(await loadMetricKeys(world.deps, world.admin, [experimentId])).toEqual([['a', 'b']]);
  });

  it('asks for exactly one scope, and for no more than its limits', async () => {
    const { trialId, experimentId } = await newRunningTrial(world);
    const read = (input: object) => readSeries(world.deps, world.admin, { keys: ['loss'], maxPoints: 10, ...input });

    await expect(read({})).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(read({ trialIds: [trialId], experimentId })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(read({ trialIds: Array.from({ length: 1_001 }, (_, i) => `${i}`) })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
    await expect(read({ trialIds: [trialId], maxPoints: 1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(
      read({ trialIds: [trialId], keys: Array.from({ length: 201 }, (_, i) => `${i}`) }),
    ).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

function column(key: string, values: readonly number[]) {
  return {
    key,
    steps: Float64Array.from(values, (_, i) => (Number.isFinite(values[0]) ? (values[0] as number) : 0) + i),
    times: new Float64Array(values.length),
    values: Float64Array.from(values),
  };
}
