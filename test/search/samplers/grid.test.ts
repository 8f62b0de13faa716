import { describe, expect, it } from 'vitest';
import { propose } from '../../../src/search/propose.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../support.js';

function listed(declared: unknown, options: unknown, count: number, trials: Parameters<typeof historyOf>[1] = []) {
  return propose({
    sampler: { kind: 'grid', options },
    history: historyOf(parseSpace(declared), trials),
    count,
    makeGenerator,
  }).map(({ params }) => params);
}

describe('grid', () => {
  it('goes through the cells in the order declared, the last parameter fastest', () => {
    const declared = { c: { kind: 'categorical', choices: ['x', 'y'] }, n: { kind: 'int', low: 1, high: 2 } };

    expect(listed(declared, {}, 9)).toEqual([
      { c: 'x', n: 1 },
      { c: 'x', n: 2 },
      { c: 'y', n: 1 },
      { c: 'y', n: 2 },
    ]);
  });

  it('spaces floats evenly in their scale, ends included', () => {
    const values = listed({ x: { kind: 'float', low: 0.01, high: 100, log: true } }, { points: 5 }, 9).map(({ x }) =>
      Number(x),
    );

    expect(values[0]).toBe(0.01);
    expect(values[4]).toBe(100);
    for (const [i, value] of [0.1, 1, 10].entries()) expect(values[i + 1]).toBeCloseTo(value, 12);
  });

  it('skips what was injected by hand and fills what was lost', () => {
    const declared = { n: { kind: 'int', low: 1, high: 4 } };
    const trials = [
      trial(0, { n: 3 }),
      trial(1, { n: 1 }, { state: 'FAILED', cause: 'PREEMPTED' }),
      trial(2, { n: 2 }, { state: 'RUNNING' }),
    ];

    expect(listed(declared, {}, 9, trials)).toEqual([{ n: 1 }, { n: 4 }]);
  });

  it('begins with the default configuration only if that is a cell', () => {
    const withDefault = (value: number) => ({ x: { kind: 'float', low: 0, high: 1, default: value } });

    expect(listed(withDefault(1), { points: 3 }, 9)).toEqual([{ x: 1 }, { x: 0 }, { x: 0.5 }]);
    expect(listed(withDefault(0.3), { points: 3 }, 9)).toEqual([{ x: 0 }, { x: 0.5 }, { x: 1 }]);
  });
});
