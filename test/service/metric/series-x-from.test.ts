import { describe, expect, it } from 'vitest';
import { readSeries } from '../../../src/service/metric/read-series.js';
import { type SeriesXInput, seriesXFrom } from '../../../src/service/metric/series-x-from.js';
import { openWorld } from '../../support/world.js';
import { newRunningTrial } from './running-trial.js';

describe('the axis of a read', () => {
  it('is the step when none is named', () => {
    expect([seriesXFrom(null), seriesXFrom(undefined), seriesXFrom({ axis: 'STEP' })]).toEqual([null, null, null]);
    expect(seriesXFrom({ axis: 'METRIC', key: 'tokens' })).toEqual({ axis: 'METRIC', key: 'tokens' });
  });

  it('names the argument that is missing, contradictory or out of order', async () => {
    const world = await openWorld();
    const { trialId } = await newRunningTrial(world);
    const read = (change: object) =>
      readSeries(world.deps, world.admin, { trialIds: [trialId], keys: ['loss'], maxPoints: 10, ...change });
    const axes: SeriesXInput[] = [
      { axis: 'METRIC' },
      { axis: 'METRIC', key: '' },
      { axis: 'TIME', key: 'loss' },
      { axis: 'STEP', key: 'loss' },
    ];

    for (const x of axes)
      await expect(read({ x })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('x.key'),
      });
    for (const window of [{ fromTime: Number.NaN }, { toTime: Infinity }, { fromTime: 2, toTime: 1 }])
      await expect(read(window)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('fromTime'),
      });

    await world.close();
  });
});
