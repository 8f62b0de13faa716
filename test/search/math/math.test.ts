import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText, hashToUnit } from '../../../src/search/math/hash.js';
import { kthSmallest } from '../../../src/search/math/kth-smallest.js';
import { logSumExp } from '../../../src/search/math/log-sum-exp.js';
import {
  inverseLowerMass,
  logDensity,
  logMass,
  logUpperMass,
  lowerMass,
  upperMass,
} from '../../../src/search/math/normal.js';
import { ranksOf } from '../../../src/search/math/ranks.js';
import { createRng } from '../../../src/search/math/rng.js';
import { unitOrder } from '../../../src/search/math/unit-order.js';
import { makeGenerator } from '../support.js';

describe('normal law', () => {
  it.each([
    [0, 0.5],
    [1, 0.15865525393145707],
    [2, 0.022750131948179209],
    [5, 2.8665157187919391e-7],
    [8, 6.220960574271784e-16],
    [20, 2.7536241186062337e-89],
    [37, 5.725571222524577e-300],
  ])('has the mass above %d that tables give', (x, mass) => {
    expect(Math.abs(upperMass(x) / mass - 1)).toBeLessThan(1e-12);
    expect(upperMass(-x)).toBeCloseTo(1 - mass, 14);
    expect(logUpperMass(x)).toBeCloseTo(Math.log(mass), 10);
  });

  it('inverts', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 5, noNaN: true }), (x) => {
        expect(Math.abs(inverseLowerMass(lowerMass(x)) - x)).toBeLessThan(1e-8);
      }),
      { seed: 1 },
    );
    expect([inverseLowerMass(0), inverseLowerMass(0.5), inverseLowerMass(1)]).toEqual([-Infinity, 0, Infinity]);
    expect(inverseLowerMass(1e-300)).toBeCloseTo(-37.0471, 3);
  });

  it('gives the log of any mass, like a sum over thin slices, and goes on beyond what exp can hold', () => {
    for (const [a, b] of [
      [-1, 2],
      [-9, -7],
      [3, 3.5],
      [29, 31],
      [33, 34],
    ] as const) {
      const slices = Float64Array.from(
        { length: 20_000 },
        (_, i) => logDensity(a + ((i + 0.5) * (b - a)) / 20_000) + Math.log((b - a) / 20_000),
      );

      expect(logMass(a, b)).toBeCloseTo(logSumExp(slices), 5);
      expect(logMass(-b, -a)).toBe(logMass(a, b));
    }
    expect(logMass(100, 101)).toBeCloseTo(-5000 - Math.log(100) - 0.9189385 - 1e-4, 4);
    expect(logMass(1, 1)).toBe(-Infinity);
  });
});

describe('logSumExp', () => {
  it('neither overflows nor underflows', () => {
    expect(logSumExp(Float64Array.of(1000, 1000))).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp(Float64Array.of(-1000, -Infinity))).toBe(-1000);
    expect(logSumExp(Float64Array.of(-Infinity))).toBe(-Infinity);
  });
});

describe('rng', () => {
  it('forks by path, whatever was drawn before', () => {
    const fresh = createRng('seed', makeGenerator).fork('7').fork('tpe').next();
    const used = createRng('seed', makeGenerator);
    for (let i = 0; i < 100; i++) used.next();
    const fork = used.fork('7');
    fork.next();

    expect(fork.fork('tpe').next()).toBe(fresh);
    expect(createRng('seed', makeGenerator).fork('8').fork('tpe').next()).not.toBe(fresh);
  });

  it('keeps keys with slashes apart from paths', () => {
    const root = createRng('s', makeGenerator);

    expect(root.fork('a/b').next()).not.toBe(root.fork('a').fork('b').next());
    expect(createRng('s/a', makeGenerator).next()).not.toBe(root.fork('a').next());
  });

  it('is uniform over the first draws of neighbouring forks', () => {
    const draws = Array.from({ length: 10_000 }, (_, i) =>
      createRng('seed', makeGenerator).fork(String(i)).fork('random').next(),
    );
    const counts = new Array<number>(20).fill(0);
    for (const u of draws) counts[Math.floor(u * 20)] = (counts[Math.floor(u * 20)] ?? 0) + 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);

    expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, 0.1 %
  });
});

describe('order', () => {
  const unit = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 0.5 + 2 ** -40, 1));

  it('of numbers in [0, 1] is stable, of few and of many', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 300 }), fc.nat(5), (some, copies) => {
        const column = Float64Array.from(Array.from({ length: copies + 1 }, () => some).flat());

        const expected = [...column.keys()].sort((i, j) => (column[i] ?? 0) - (column[j] ?? 0) || i - j);
        expect([...unitOrder(column)]).toEqual(expected);
      }),
    );
  });

  it('has a k-th smallest', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(3), fc.double({ noNaN: true })), { minLength: 1 }), fc.nat(), (some, k) => {
        const column = Float64Array.from(some);
        const at = k % some.length;

        expect(kthSmallest(column, at) - (column.slice().sort()[at] ?? 0) || 0).toBe(0);
        expect([...column]).toEqual(some);
      }),
    );
  });
});

describe('ranksOf', () => {
  it('counts from 0, shares the mean of ties, and orders infinities', () => {
    expect([...ranksOf([5, -Infinity, 5, Infinity, Infinity])]).toEqual([1.5, 0, 1.5, 3.5, 3.5]);
    expect([...ranksOf(Float64Array.of())]).toEqual([]);
  });
});

describe('hashToUnit', () => {
  it('is the hash as a share, in [0, 1)', () => {
    expect(hashToUnit('seed/7')).toBe(hashText('seed/7') / 4294967296);
    const mean = Array.from({ length: 2_000 }, (_, i) => hashToUnit(`seed/${i}`)).reduce(
      (sum, u) => sum + u / 2_000,
      0,
    );
    expect(mean).toBeCloseTo(0.5, 1);
  });
});
