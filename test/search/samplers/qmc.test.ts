import { describe, expect, it } from 'vitest';
import { haltonPoint } from '../../../src/search/math/halton.js';
import { hashText } from '../../../src/search/math/hash.js';
import { sobolPoint } from '../../../src/search/math/sobol.js';
import { propose } from '../../../src/search/propose.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../support.js';

const floats = (count: number) =>
  parseSpace(
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, { kind: 'float', low: 0, high: 1 }])),
  );

function proposed(
  space: ReturnType<typeof parseSpace>,
  options: unknown,
  count: number,
  trials = historyOf(space, []).trials,
) {
  const history = historyOf(space, trials, { seed: 'q' });
  return propose({ sampler: { kind: 'qmc', options }, history, count, makeGenerator });
}

describe('qmc', () => {
  it('gives trial i point i of the scrambled sequence', () => {
    const space = floats(3);
    const seed = hashText('q');

    for (const [sequence, point] of [
      ['sobol', sobolPoint],
      ['halton', haltonPoint],
    ] as const) {
      const batch = proposed(space, { sequence }, 20);
      expect(batch.map(({ params }) => Object.values(params))).toEqual(
        Array.from({ length: 20 }, (_, i) => [0, 1, 2].map((j) => point(i, j, seed))),
      );
      expect(new Set(batch.map(({ explanation }) => explanation.phase))).toEqual(new Set(['LISTED']));
      expect(proposed(space, { sequence }, 1, [trial(6, { x0: 0, x1: 0, x2: 0 })])[0]?.params).toEqual(
        batch[7]?.params,
      );
    }
  });

  it('leaves no point of the sequence out where every point is tried again', () => {
    const space = floats(2);
    const replicates = { count: 2, first: 2, share: 0.2, confirm: null };
    for (const sequence of ['sobol', 'halton']) {
      const sampler = { kind: 'qmc', options: { sequence } };
      const history = historyOf(space, [], { seed: 'q', replicates });
      const twice = propose({ sampler, history, count: 32, makeGenerator });

      const own = twice.filter(({ by }) => by === 'qmc').map(({ params }) => params);
      expect(own).toEqual(proposed(space, { sequence }, 16).map(({ params }) => params));
      expect(own.filter(({ x0 }) => Number(x0) < 0.5).length).toBe(8);
    }
  });

  it('counts the replicates of points that the space has no place for any more', () => {
    const space = floats(1);
    const outside = [trial(0, { old: 1 }, { by: 'qmc' }), trial(1, { old: 1 }, { by: 'replicate' })];
    const [next] = propose({
      sampler: { kind: 'qmc', options: {} },
      history: { ...historyOf(space, [], { seed: 'q' }), outside },
      count: 1,
      makeGenerator,
    });

    expect(next?.params).toEqual(proposed(space, {}, 2)[1]?.params);
  });

  it('leaves the sequence as published on demand', () => {
    expect(proposed(floats(2), { scramble: false }, 4).map(({ params }) => Object.values(params))).toEqual([
      [0, 0],
      [0.5, 0.5],
      [0.25, 0.75],
      [0.75, 0.25],
    ]);
  });

  it('meets every choice equally often in a power of two of trials, which chance does not', () => {
    const space = parseSpace({
      a: { kind: 'categorical', choices: [0, 1, 2, 3] },
      b: { kind: 'ordinal', values: [0, 1, 2, 3] },
      x: { kind: 'float', low: 0, high: 1 },
    });
    const counts = new Map<string, number>();
    for (const { params } of proposed(space, {}, 64)) {
      const pair = `${params.a} ${params.b}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }

    expect([...counts.values()]).toEqual(new Array(16).fill(4));
  });

  it('draws what the sequence repeats on a finite space, and coordinates it does not have', () => {
    const space = parseSpace({ a: { kind: 'boolean' }, b: { kind: 'boolean' } });
    const batch = proposed(space, {}, 9);

    expect(batch.length).toBe(4);
    expect(new Set(batch.map(({ params }) => JSON.stringify(params))).size).toBe(4);
    expect(Object.keys(proposed(floats(1_030), {}, 1)[0]?.params ?? {}).length).toBe(1_030);
  });
});
