import { describe, expect, it } from 'vitest';
import { KeyGroups } from '../../../src/store/metrics/postgres/group-columns.js';
import { MemberGrid } from '../../../src/store/metrics/postgres/member-grid.js';
import { quantileOf, spreadOf } from '../../../src/store/metrics/postgres/spread.js';
import { Turns } from '../../../src/store/metrics/postgres/turns.js';

function member(steps: readonly number[], values: readonly number[], width = 1, maxBuckets = 100) {
  const grid = new MemberGrid(width, maxBuckets);
  grid.addPoints(Float64Array.from(steps), Float64Array.from(values));
  return grid.columns();
}

function finished(groups: KeyGroups) {
  const work = groups.finish('a', [0.5]);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe('quantiles and deviation', () => {
  it('are those of other libraries', () => {
    const values = Float64Array.from([-3, 1, 2, 2.5, 10, 11]); // as Python's statistics: quantiles(method='inclusive'), stdev

    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((p) => quantileOf(values, p))).toEqual([-3, -1, 1.25, 2.25, 10.5, 11]);
    expect(spreadOf(values).sd).toBeCloseTo(5.462752663874383, 12);
  });

  it('survive huge, tiny and single values', () => {
    const huge = Float64Array.from([-1.7e308, 1.7e308]);

    expect([quantileOf(huge, 0.5), spreadOf(Float64Array.from([1e200, 3e200])).sd]).toEqual([
      0,
      expect.closeTo(Math.SQRT2 * 1e200, -190),
    ]);
    expect(spreadOf(Float64Array.from([1e-200, 3e-200])).sd).toBeGreaterThan(1.4e-200);
    expect(spreadOf(Float64Array.of(5))).toEqual({ mean: 5, sd: Number.NaN, min: 5, max: 5 });
    expect(spreadOf(Float64Array.of(5, 5)).sd).toBe(0);
  });
});

describe('groups of one key', () => {
  it('fold earlier members to the grid that later ones make wider', () => {
    const groups = new KeyGroups(2, 4);
    groups.add(0, member([0, 1, 2, 3], [1, 2, 3, 6]));
    groups.add(0, member([0, 1, 2, 3], [5, 5, 5, 5]));
    groups.add(1, member([-1, 3], [7, Number.NaN])); // a fifth bucket: now they are two wide

    const [first, second] = finished(groups);

    expect([first?.width, [...(first?.steps ?? [])], [...(first?.mean ?? [])]]).toEqual([2, [0, 2], [3.25, 4.75]]);
    expect([[...(second?.steps ?? [])], [...(second?.lowest ?? [])]]).toEqual([[-2], [7]]);
  });

  it('count a bucket that has points but no finite one for the grid, and leave it out', () => {
    const groups = new KeyGroups(1, 2);
    groups.add(0, member([0, 1, 2], [1, Number.NaN, 2]));

    const [columns] = finished(groups);

    expect([columns?.width, [...(columns?.steps ?? [])]]).toEqual([2, [0, 2]]);
  });

  it('keep the cells of many members over several blocks', () => {
    const groups = new KeyGroups(1, 1_000);
    const steps = Array.from({ length: 1_000 }, (_, i) => i);
    for (let i = 0; i < 50; i++)
      groups.add(
        0,
        member(
          steps,
          steps.map((step) => step + i),
          1,
          1_000,
        ),
      );

    const [columns] = finished(groups);

    expect(groups.cells).toBe(50_000);
    expect(columns?.mean.every((mean, step) => Math.abs(mean - step - 24.5) < 1e-9)).toBe(true);
    expect(columns?.quantiles[0]?.[999]).toBe(999 + 24.5);
  });
});

describe('turns', () => {
  it('let few work at once, hand the place on, and refuse when too many wait', async () => {
    const turns = new Turns(1, 1);
    const order: string[] = [];
    let end = () => {};
    const first = turns.take(() => new Promise<void>((resolve) => (end = resolve)));
    const second = turns.take(async () => order.push('second'));

    await expect(turns.take(async () => order.push('third'))).rejects.toMatchObject({ code: 'OVERLOADED' });
    order.push('first ends');
    end();
    await Promise.all([first, second]);
    await turns.take(async () => order.push('fourth'));

    expect(order).toEqual(['first ends', 'second', 'fourth']);
  });
});
