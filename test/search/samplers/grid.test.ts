import { describe, expect, it } from 'vitest';
import { propose } from '../../../src/search/propose.js';
import { key } from '../../../src/search/space/key.js';
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

  const orders = ['listed', 'shuffled', 'lowDiscrepancy'] as const;
  const conditional = {
    parameters: {
      a: { kind: 'int', low: 0, high: 9 },
      mode: { kind: 'categorical', choices: ['p', 'q'] },
      x: { kind: 'float', low: 0, high: 1, when: { param: 'mode', in: ['q'] } },
      flag: { kind: 'boolean', when: { param: 'a', above: 6 } },
    },
    constraints: [
      { forbid: { param: 'x', above: 0.6 } },
      {
        forbid: {
          all: [
            { param: 'a', in: [3, 9] },
            { param: 'mode', in: ['p'] },
          ],
        },
      },
    ],
  };

  it.each(orders)('visits every cell once and no other when %s, with conditions and constraints', (order) => {
    const all = listed(conditional, { points: 4, order: 'listed' }, 1_000);

    const visited = listed(conditional, { points: 4, order }, 1_000);

    // Of a: 7 values with one flag and 3 with two, so 13; p loses 3 and both flags of 9; q takes x = 0 and 1/3.
    expect(all.length).toBe(13 - 3 + 13 * 2);
    expect(new Set(visited.map(key))).toEqual(new Set(all.map(key)));
    expect(visited.length).toBe(all.length);
    expect(visited.map(key).join() === all.map(key).join()).toBe(order === 'listed');
  });

  it.each(orders)('goes again through lost and deleted cells, and only those, when %s', (order) => {
    for (const declared of [conditional, { n: { kind: 'int', low: 1, high: 36 } }]) {
      const done = listed(declared, { points: 4, order }, 1_000).map((params, number) =>
        trial(number, params, { by: 'grid' }),
      );
      const lost = done.map((some) =>
        some.number === 3 ? trial(3, some.params, { state: 'FAILED', cause: 'INFRASTRUCTURE', by: 'grid' }) : some,
      );
      const deleted = lost.filter((some) => some.number !== 10 && some.number !== 21);

      const again = listed(declared, { points: 4, order }, 1_000, deleted);

      expect(done.length).toBe(36);
      expect(new Set(again.map(key))).toEqual(new Set([3, 10, 21].map((number) => key(done[number]?.params ?? {}))));
      expect(again.length).toBe(3);
    }
  });

  it('shuffles by the seed', () => {
    const declared = { n: { kind: 'int', low: 1, high: 50 } };
    const orderOf = (seed: string) =>
      propose({
        sampler: { kind: 'grid', options: { order: 'shuffled' } },
        history: historyOf(parseSpace(declared), [], { seed }),
        count: 50,
        makeGenerator,
      }).map(({ params }) => Number(params.n));

    expect(orderOf('a')).toEqual(orderOf('a'));
    expect(orderOf('a')).not.toEqual(orderOf('b'));
    const inPlace = orderOf('a').filter((n, i) => n === i + 1).length;
    expect(inPlace).toBeLessThan(8);
  });

  it('covers the grid evenly from the beginning when spread', () => {
    const declared = { a: { kind: 'int', low: 0, high: 15 }, b: { kind: 'int', low: 0, high: 15 } };
    const boxes = listed(declared, { order: 'lowDiscrepancy' }, 16).map(
      ({ a, b }) => `${Math.floor(Number(a) / 4)} ${Math.floor(Number(b) / 4)}`,
    );

    expect(new Set(boxes).size).toBe(16);
  });

  it.each(orders)(
    'finds the last cells of a million when %s, also where constraints leave few',
    (order) => {
      const ints = (count: number, high: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, { kind: 'int', low: 0, high }]));
      const million = parseSpace(ints(3, 99));
      const model = trial(0, {});
      const trials = Array.from({ length: 999_998 }, (_, k) => {
        const params = { n0: Math.floor(k / 10_000), n1: Math.floor(k / 100) % 100, n2: k % 100 };
        return { ...model, number: k, params };
      });
      const options = { order };
      const ask = (space: typeof million, history: readonly (typeof model)[], count: number) =>
        propose({ sampler: { kind: 'grid', options }, history: historyOf(space, history), count, makeGenerator });

      expect(new Set(ask(million, trials, 2).map(({ params }) => params.n2))).toEqual(new Set([98, 99]));
      const few = parseSpace({
        parameters: ints(12, 9),
        constraints: [1, -1].map((sign) => ({
          kind: 'linear',
          coefficients: Object.fromEntries(Object.keys(ints(12, 9)).map((name) => [name, sign])),
          atMost: sign * 107,
        })),
      });
      expect(ask(few, [], 20).length).toBe(12);
    },
    60_000,
  );

  it('spreads as evenly where every point is tried again', () => {
    const space = parseSpace({ a: { kind: 'int', low: 0, high: 15 }, b: { kind: 'int', low: 0, high: 15 } });
    const sampler = { kind: 'grid', options: { order: 'lowDiscrepancy' } };
    const replicates = { count: 2, first: 2, share: 0.2, confirm: null };
    const paramsOf = (count: number, rest: Parameters<typeof historyOf>[2]) =>
      propose({ sampler, history: historyOf(space, [], rest), count, makeGenerator })
        .filter(({ by }) => by === 'grid')
        .map(({ params }) => params);

    const own = paramsOf(32, { replicates });

    expect(own).toEqual(paramsOf(16, {}));
    expect(own.filter(({ a }) => Number(a) < 8).length).toBe(8);
  });
});
