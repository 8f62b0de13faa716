import { describe, expect, it } from 'vitest';

import { FrameSignal } from '../../../web/src/live/frame-signal.js';
import { type PointColumns, SeriesStore } from '../../../web/src/live/series-store.js';

const storeOf = () => new SeriesStore(new FrameSignal((draw) => draw()));

const points = (steps: number[], values: number[], attempt = 1, trialId = 't'): PointColumns => ({
  trialId,
  attempt,
  key: 'loss',
  steps: Float64Array.from(steps),
  values: Float64Array.from(values),
});

const read = (store: SeriesStore, trialId = 't') => {
  const { steps, values } = store.read(trialId, 'loss');
  return { steps: Array.from(steps), values: Array.from(values) };
};

describe('the series store', () => {
  it('continues the history with what is reported', () => {
    const store = storeOf();

    store.load('c1', [points([0, 1], [5, 4])]);
    store.append('c2', [points([2], [3])]);

    expect(read(store)).toEqual({ steps: [0, 1, 2], values: [5, 4, 3] });
    expect(store.cursor).toBe('c2');
  });

  it('ignores a delta whose cursor was already reached', () => {
    const store = storeOf();
    store.load('c1', [points([0], [5])]);
    store.append('c2', [points([1], [4])]);

    const isNew = store.append('c2', [points([1], [4])]);

    expect(isNew).toBe(false);
    expect(read(store).steps).toEqual([0, 1]);
  });

  it('forgets everything when the history is loaded again', () => {
    const store = storeOf();
    store.load('c1', [points([0], [5], 1, 'old')]);

    store.load('c2', [points([0], [1])]);

    expect(read(store, 'old').steps).toEqual([]);
    expect(store.summary('old', 'loss')).toBeNull();
    expect(read(store).values).toEqual([1]);
  });

  it('keeps NaN and infinities in place, and out of minimum and maximum', () => {
    const store = storeOf();

    store.load('c1', [points([0, 1, 2, 3], [2, Number.NaN, Number.POSITIVE_INFINITY, 1])]);

    expect(read(store).values).toEqual([2, Number.NaN, Number.POSITIVE_INFINITY, 1]);
    expect(store.summary('t', 'loss')).toEqual({ last: 1, lastStep: 3, min: 1, max: 2 });
  });

  it('has NaN as minimum when no value is finite', () => {
    const store = storeOf();

    store.load('c1', [points([0], [Number.NaN])]);

    expect(store.summary('t', 'loss')).toEqual({ last: Number.NaN, lastStep: 0, min: Number.NaN, max: Number.NaN });
  });

  it('lets a later attempt take over from its first step', () => {
    const store = storeOf();

    store.load('c1', [points([2, 3], [20, 30], 2), points([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], 1)]);

    expect(read(store)).toEqual({ steps: [0, 1, 2, 3], values: [0, 1, 20, 30] });
    expect(store.summary('t', 'loss')?.last).toBe(30);
  });

  it('draws points in order of their steps, however they were reported', () => {
    const store = storeOf();

    store.load('c1', [points([0, 2], [0, 2])]);
    store.append('c2', [points([1], [1])]);

    expect(read(store)).toEqual({ steps: [0, 1, 2], values: [0, 1, 2] });
  });

  it('grows over many deltas without losing a point', () => {
    const store = storeOf();
    store.load('c', []);

    for (let step = 0; step < 1000; step++) store.append(`c${step}`, [points([step], [step / 2])]);

    const { steps, values } = read(store);
    expect(steps).toEqual(Array.from({ length: 1000 }, (_, step) => step));
    expect(values[999]).toBe(499.5);
  });

  it('names the metrics that have points', () => {
    const store = storeOf();

    store.load('c1', [
      { ...points([0], [1]), key: 'b' },
      { ...points([0], [1]), key: 'a' },
      { ...points([], []), key: 'none' },
    ]);

    expect(store.keys).toEqual(['a', 'b']);
  });
});

describe('a frame signal', () => {
  it('tells once per frame, however often it is touched', () => {
    const frames: (() => void)[] = [];
    const signal = new FrameSignal((draw) => frames.push(draw));
    let told = 0;
    signal.subscribe(() => {
      told += 1;
    });

    signal.touch();
    signal.touch();
    for (const draw of frames.splice(0)) draw();
    signal.touch();
    for (const draw of frames.splice(0)) draw();

    expect(told).toBe(2);
    expect(signal.version).toBe(2);
  });
});
