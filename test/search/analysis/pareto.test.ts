import { describe, expect, it } from 'vitest';
import { hypervolumeByTrial, kneePoint, paretoFront } from '../../../src/search/analysis/pareto.js';
import type { Direction, HistoryTrial } from '../../../src/search/history.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, trial } from '../support.js';

const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });
const of = (
  values: readonly (readonly number[])[],
  directions: readonly Direction[],
  rest: Partial<HistoryTrial> = {},
) =>
  historyOf(
    space,
    values.map((some, i) => trial(i, { x: 0 }, { values: some, endedAt: i + 1, ...rest })),
    { directions },
  );
const numbers = (trials: readonly HistoryTrial[]) => trials.map((some) => some.number);

describe('paretoFront', () => {
  it('is what no other trial beats, in the directions of the objectives, equals together', () => {
    const values = [
      [1, 1],
      [2, 2],
      [2, 2],
      [1, 3],
      [3, 1],
      [0, 0],
    ];

    expect(numbers(paretoFront(of(values, ['minimize', 'maximize'])))).toEqual([3, 5]);
    expect(numbers(paretoFront(of(values, ['maximize', 'maximize'])))).toEqual([1, 2, 3, 4]);
    expect(numbers(paretoFront(of(values, ['minimize', 'minimize'])))).toEqual([5]);
  });

  it('leaves out what did not complete, is not finite or not feasible', () => {
    const directions = ['minimize', 'minimize'] as const;

    expect(paretoFront(of([[0, 0]], directions, { state: 'PRUNED' }))).toEqual([]);
    expect(paretoFront(of([[0, 0]], directions, { constraints: [1] }))).toEqual([]);
    expect(paretoFront(of([[0, -Infinity]], directions))).toEqual([]);
    expect(paretoFront(of([[0]], directions))).toEqual([]);
  });
});

describe('hypervolumeByTrial', () => {
  it('grows with each trial of the front, in the order of ends', () => {
    const history = of(
      [
        [2, 2],
        [3, 3],
        [1, 3],
        [3, 1],
        [2, 2],
      ],
      ['minimize', 'minimize'],
    );

    expect([...hypervolumeByTrial(history, [4, 4]).volumes]).toEqual([4, 4, 5, 6, 6]);
    const late = { ...history, trials: history.trials.map((some) => ({ ...some, endedAt: 9 - some.number })) };
    expect([...hypervolumeByTrial(late, [4, 4]).numbers]).toEqual([4, 3, 2, 1, 0]);
    expect([...hypervolumeByTrial(late, [4, 4]).volumes]).toEqual([4, 5, 6, 6, 6]);
  });

  it('takes the reference a tenth beyond the front, in the objectives’ own directions', () => {
    const { reference, volumes } = hypervolumeByTrial(
      of(
        [
          [1, 10],
          [2, 20],
        ],
        ['minimize', 'maximize'],
      ),
    );

    expect(reference[0]).toBeCloseTo(2.2);
    expect(reference[1]).toBeCloseTo(9);
    expect(volumes[1]).toBeCloseTo(1.2 * 1 + 0.2 * 10);
    expect(hypervolumeByTrial(of([], ['minimize', 'minimize'])).reference).toEqual([]);
  });
});

describe('kneePoint', () => {
  it('is the trial farthest inside the line through the ends', () => {
    const values = [
      [0, 100],
      [1, 30],
      [2, 25],
      [10, 0],
    ];

    expect(kneePoint(of(values, ['minimize', 'minimize']))?.number).toBe(1);
    expect(
      kneePoint(
        of(
          values.map(([a = 0, b = 0]) => [-a, b]),
          ['maximize', 'minimize'],
        ),
      )?.number,
    ).toBe(1);
  });

  it('is null where the front does not bend inwards, or there is one objective', () => {
    expect(
      kneePoint(
        of(
          [
            [0, 2],
            [1, 1],
            [2, 0],
          ],
          ['minimize', 'minimize'],
        ),
      ),
    ).toBeNull();
    expect(kneePoint(of([[0], [1]], ['minimize']))).toBeNull();
    expect(kneePoint(of([], ['minimize', 'minimize']))).toBeNull();
  });
});
