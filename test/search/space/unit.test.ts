import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelAt, levelCount, levelOf } from '../../../src/search/space/levels.js';
import type { Parameter } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { cellEdges, decode, encode } from '../../../src/search/space/unit.js';
import { isLegalValue } from '../../../src/search/space/validate-params.js';

const seed = 1;
const finite = { noNaN: true, noDefaultInfinity: true } as const;
const unit = fc.double({ min: 0, max: 1, ...finite });
const range = (min: number, max: number) =>
  fc.tuple(fc.double({ min, max, ...finite }), fc.double({ min, max, ...finite })).filter(([a, b]) => a < b);
const whole = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

const floats = fc.oneof(
  range(-1e6, 1e6).map(([low, high]) => ({ kind: 'float', low, high })),
  range(1e-9, 1e9)
    .filter(([low, high]) => high > 1.001 * low)
    .map(([low, high]) => ({ kind: 'float', low, high, log: true })),
);
const grids = fc.oneof(
  fc
    .tuple(
      range(-1e4, 1e4).filter(([low, high]) => high - low > 1e-6),
      fc.double({ min: 1e-4, max: 1, ...finite }),
    )
    .map(([[low, high], part]) => ({ kind: 'float', low, high, step: (high - low) * part })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 500 }), fc.constantFrom(0.1, 0.25, 0.01, 1e-3))
    .map(([low, m, step]) => ({ kind: 'float', low: low * step, high: (low + m) * step, step })),
  fc
    .tuple(whole(-(2 ** 40), 2 ** 40), fc.integer({ min: 1, max: 1000 }))
    .map(([[low, high], step]) => ({ kind: 'int', low, high, step })),
  whole(1, 2 ** 30).map(([low, high]) => ({ kind: 'int', low, high, log: true })),
  fc.uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1 }).map((values) => ({ kind: 'ordinal', values })),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { minLength: 1 })
    .map((choices) => ({ kind: 'categorical', choices })),
  fc.constant({ kind: 'boolean' }),
);

function parameterOf(declared: unknown): Parameter {
  return parseSpace({ x: declared }).parameters[0] as Parameter;
}

describe('encode and decode', () => {
  it('return every value of a finite parameter exactly', () => {
    fc.assert(
      fc.property(grids, unit, (declared, share) => {
        const parameter = parameterOf(declared);
        const k = Math.min(levelCount(parameter) - 1, Math.floor(share * levelCount(parameter)));
        const value = levelAt(parameter, k);

        expect(levelOf(parameter, value)).toBe(k);
        expect(decode(parameter, encode(parameter, value))).toBe(value);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('return a float without step to rounding', () => {
    fc.assert(
      fc.property(floats, unit, (declared, u) => {
        const parameter = parameterOf(declared);
        const value = Number(decode(parameter, u));
        const scale = Math.max(Math.abs(declared.low), Math.abs(declared.high));

        expect(Math.abs(Number(decode(parameter, encode(parameter, value))) - value)).toBeLessThanOrEqual(
          1e-12 * scale,
        );
        expect(encode(parameter, value)).toBeGreaterThanOrEqual(0);
        expect(encode(parameter, value)).toBeLessThanOrEqual(1);
      }),
      { seed },
    );
  });

  it('give legal values for any u, and the ends for 0 and 1', () => {
    fc.assert(
      fc.property(fc.oneof(floats, grids), fc.double({ min: -0.5, max: 1.5, ...finite }), (declared, u) => {
        const parameter = parameterOf(declared);

        for (const place of [u, 0, 1]) expect(isLegalValue(parameter, decode(parameter, place))).toBe(true);
      }),
      { seed },
    );
    const x = parameterOf({ kind: 'float', low: 1e-5, high: 0.3, log: true });
    expect([decode(x, 0), decode(x, 1)]).toEqual([1e-5, 0.3]);
  });

  it('give every value of a short parameter its own cell, end to end', () => {
    for (const declared of [
      { kind: 'int', low: 1, high: 9, log: true },
      { kind: 'int', low: -3, high: 9, step: 3 },
      { kind: 'ordinal', values: ['a', 'b', 'c'] },
    ]) {
      const parameter = parameterOf(declared);
      let edge = 0;
      for (let k = 0; k < levelCount(parameter); k++) {
        const [low, high] = cellEdges(parameter, levelAt(parameter, k)) ?? [Number.NaN, Number.NaN];

        expect(low).toBeCloseTo(edge, 12);
        expect(decode(parameter, low + 1e-9)).toBe(levelAt(parameter, k));
        expect(decode(parameter, high - 1e-9)).toBe(levelAt(parameter, k));
        edge = high;
      }
      expect(edge).toBeCloseTo(1, 12);
    }
  });

  it('computes grid values and never accumulates them', () => {
    const parameter = parameterOf({ kind: 'float', low: 0, high: 1, step: 0.1 });

    expect(Array.from({ length: 11 }, (_, k) => levelAt(parameter, k))).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
  });
});
