/** f10 to f14: one valley, of very different widths, and rotated. */
import { rotation, uniformVector } from './draws.js';
import type { BbobFunction } from './function.js';
import { ellipsoid } from './separable.js';
import { along, bumped, conditioned, minus, skewed, sum, times, type Vector } from './transforms.js';

export const rotatedEllipsoid: BbobFunction = rotated((z) => ellipsoid(z.map(bumped)));

export const discus: BbobFunction = rotated((z) => sum(z.map(bumped), (value, i) => (i === 0 ? 1e6 : 1) * value ** 2));

export const bentCigar: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  const r = rotation(rng, dimension);
  return {
    optimum,
    gap: (x) => sum(times(r, skewed(times(r, minus(x, optimum)), 0.5)), (value, i) => (i === 0 ? 1 : 1e6) * value ** 2),
  };
};

export const sharpRidge: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
  return {
    optimum,
    gap: (x) => {
      const [first = 0, ...rest] = times(q, conditioned(times(r, minus(x, optimum)), 10));
      return first ** 2 + 100 * Math.sqrt(sum(rest, (value) => value ** 2));
    },
  };
};

export const differentPowers: BbobFunction = rotated((z) =>
  Math.sqrt(sum(z, (value, i) => Math.abs(value) ** (2 + 4 * along(i, z.length)))),
);

/** What needs nothing but a shift and a rotation. */
function rotated(gapAt: (z: Vector) => number): BbobFunction {
  return (dimension, rng) => {
    const optimum = uniformVector(rng, dimension, -4, 4);
    const r = rotation(rng, dimension);
    return { optimum, gap: (x) => gapAt(times(r, minus(x, optimum))) };
  };
}
