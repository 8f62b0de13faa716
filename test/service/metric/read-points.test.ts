import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportMetrics } from '../../../src/service/metric/export-metrics.js';
import { followMetrics } from '../../../src/service/metric/follow-metrics.js';
import { type PointsPage, readPoints } from '../../../src/service/metric/read-points.js';
import { readSeries } from '../../../src/service/metric/read-series.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { foreigner, newExperiment, newRunningTrial, outsider, type RunningTrial, viewer } from './running-trial.js';

const COMPACT_ALL = { tailWindowMs: 0, maxMs: 20_000 };

describe('reading points page by page', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('cuts pages inside a trial while points arrive, and leaves nothing out and nothing twice', async () => {
    const experimentId = await newExperiment(world);
    const trials = [await newRunningTrial(world, experimentId), await newRunningTrial(world, experimentId)] as const;
    for (const trial of trials) await report(trial, 0, range(0, 500));

    const pages: PointsPage[] = [];
    let after: string | null = null;
    let written = 500;
    do {
      const page: PointsPage = await readPoints(world.deps, world.admin, { experimentId, after, limit: 130 });
      pages.push(page);
      after = page.cursor;
      // Into the trial that is being read, and into one that was read already; compaction moves all in the middle of it.
      if (pages.length <= 4) {
        for (const trial of trials) await report(trial, written, range(written, written + 100));
        written += 100;
      }
      if (pages.length === 3) await world.deps.metrics.compact(COMPACT_ALL);
    } while (pages.at(-1)?.more);

    expect(pages.length).toBeGreaterThan(6);
    for (const { trialId } of trials) expect(valuesOf(pages, trialId)).toEqual(range(0, 900));
  });

  it('gives cursors that followers go on from, and takes those of reads and followers', async () => {
    const trial = await newRunningTrial(world);
    const scope = { trialIds: [trial.trialId] };
    await report(trial, 0, [1, 2]);
    const { cursor: ofRead } = await readSeries(world.deps, world.admin, { ...scope, keys: ['a'], maxPoints: 10 });
    await report(trial, 2, [3]);
    const page = await readPoints(world.deps, world.admin, { ...scope, after: ofRead, limit: 10 });
    await report(trial, 3, [4]);

    const follower = followMetrics(
      world.deps,
      world.admin,
      { ...scope, after: page.cursor },
      AbortSignal.timeout(5000),
    );
    const { value: delta } = await follower.next();
    await follower.return();
    await report(trial, 4, [5]);
    const after = delta?.cursor ?? null;
    const last = await readPoints(world.deps, world.admin, { ...scope, after, limit: 10 });

    expect([page, delta, last].map((one) => [...(one?.series[0]?.values ?? [])])).toEqual([[3], [4], [5]]);
    expect(last.more).toBe(false);
  });

  it('never makes buckets, and says more where a page holds no point of the keys asked for', async () => {
    const trial = await newRunningTrial(world);
    await report(trial, 0, range(0, 5_000), 'rest');
    await report(trial, 5_000, [7], 'wanted');
    const input = { trialIds: [trial.trialId], keys: ['wanted'] };

    const first = await readPoints(world.deps, world.admin, { ...input, limit: 1_000 });
    const second = await readPoints(world.deps, world.admin, { ...input, after: first.cursor, limit: 1_000 });
    const whole = await readPoints(world.deps, world.admin, { trialIds: [trial.trialId], limit: 100_000 });

    expect([first.more, first.series]).toEqual([true, []]);
    expect([second.more, [...(second.series[0]?.values ?? [])]]).toEqual([false, [7]]);
    expect(whole.series.map(({ key, bucketed, steps }) => [key, bucketed, steps.length])).toEqual([
      ['rest', false, 5_000],
      ['wanted', false, 1],
    ]);
  });

  it('is for those who may read the series', async () => {
    const trial = await newRunningTrial(world);
    const other = await newRunningTrial(world, trial.experimentId);
    const read = (principal: Parameters<typeof readPoints>[1], scope: object) =>
      codeOf(readPoints(world.deps, principal, { ...scope, limit: 10 }));
    const own = { trialIds: [trial.trialId] };
    const all = { experimentId: trial.experimentId };

    expect(await read(viewer(world), own)).toBe('no error');
    expect(await read(viewer(world), all)).toBe('no error');
    expect(await read(trial.token, own)).toBe('no error');
    expect(await read(trial.token, { trialIds: [other.trialId] })).toBe('NOT_FOUND');
    expect(await read(trial.token, all)).toBe('FORBIDDEN');
    for (const principal of [outsider(world), foreigner(world)]) {
      expect(await read(principal, own)).toBe('NOT_FOUND');
      expect(await read(principal, all)).toBe('NOT_FOUND');
    }
  });

  it.each([
    [{ limit: 0 }, 'INPUT_INVALID'],
    [{ limit: 1.5 }, 'INPUT_INVALID'],
    [{ limit: 100_001 }, 'LIMIT_EXCEEDED'],
    [{ limit: 10, after: 'nonsense' }, 'CURSOR_INVALID'],
    [{ limit: 10, trialIds: null }, 'INPUT_INVALID'],
  ])('refuses %j with %s', async (input, code) => {
    const { trialId } = await newRunningTrial(world);

    expect(await codeOf(readPoints(world.deps, world.admin, { trialIds: [trialId], ...input }))).toBe(code);
  });

  it('exports what may be read as long as it may be read, and not what was deleted', async () => {
    const experimentId = await newExperiment(world);
    const trials = [];
    for (let i = 0; i < 3; i++) trials.push(await newRunningTrial(world, experimentId));
    for (const trial of trials) for (let i = 0; i < 8; i++) await report(trial, i * 10_000, range(0, 10_000));
    let asked = 0;
    const recheck = async () => (++asked > 2 ? outsider(world) : world.admin);

    const pages = exportMetrics(world.deps, { experimentId, recheck });
    const { value: first } = await pages.next();
    const { trialId: id } = trials[1] as RunningTrial;
    await world.deps.database.read.query(`UPDATE trial SET state = 'COMPLETED' WHERE id = $1`, [id]);
    await deleteTrial(world.deps, world.admin, { id });
    const { value: second } = await pages.next();

    expect(first?.map(({ number, steps }) => [number, steps.length])).toEqual([
      [trials[0]?.number, 80_000],
      [trials[1]?.number, 20_000],
    ]);
    expect(second?.map(({ number, steps }) => [number, steps.length])).toEqual([[trials[2]?.number, 80_000]]);
    expect(await codeOf(exportMetrics(world.deps, { experimentId, recheck }).next())).toBe('NOT_FOUND');
  });

  function report(trial: RunningTrial, seq: number, values: readonly number[], key = 'a') {
    const steps = Float64Array.from(values, (_, i) => seq + i);
    return reportMetrics(world.deps, trial.token, {
      trialId: trial.trialId,
      attempt: 1,
      stream: 's',
      seq,
      series: [{ key, steps, times: steps, values: Float64Array.from(values) }],
    });
  }
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function valuesOf(pages: readonly PointsPage[], trialId: string): number[] {
  return pages.flatMap(({ series }) =>
    series.filter((one) => one.trialId === trialId).flatMap((one) => [...one.values]),
  );
}
