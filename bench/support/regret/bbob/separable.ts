/** f1 to f5: coordinates can be searched one by one. */
import { signs, uniformVector } from './draws.js';
import type { BbobFunction } from './function.js';
import { along, bumped, conditioned, minus, outside, skewed, sum, type Vector } from './transforms.js';

export const sphere: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  return { optimum, gap: (x) => sum(minus(x, optimum), (z) => z ** 2) };
};

export const separableEllipsoid: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  return { optimum, gap: (x) => ellipsoid(minus(x, optimum).map(bumped)) };
};

export const separableRastrigin: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  return { optimum, gap: (x) => rastrigin(conditioned(skewed(minus(x, optimum).map(bumped), 0.2), 10)) };
};

export const buecheRastrigin: BbobFunction = (dimension, rng) => {
  const isOdd = (i: number) => i % 2 === 0; // counted from 1
  const drawn = uniformVector(rng, dimension, -4, 4);
  const optimum = drawn.map((value, i) => (isOdd(i) ? Math.abs(value) : value));
  return {
    optimum,
    gap: (x) => {
      const z = conditioned(minus(x, optimum).map(bumped), 10);
      return rastrigin(z.map((value, i) => (value > 0 && isOdd(i) ? 10 * value : value))) + 100 * outside(x);
    },
  };
};

export const linearSlope: BbobFunction = (dimension, rng) => {
  const optimum = signs(rng, dimension).map((sign) => 5 * sign);
  const slopes = optimum.map((value, i) => Math.sign(value) * 10 ** along(i, dimension));
  return {
    optimum,
    gap: (x) =>
      sum(slopes, (slope, i) => {
        const [value, best] = [x[i] ?? 0, optimum[i] ?? 0];
        return 5 * Math.abs(slope) - slope * (value * best < 25 ? value : best);
      }),
  };
};

/** Condition 10^6. */
export function ellipsoid(z: Vector): number {
  return sum(z, (value, i) => 10 ** (6 * along(i, z.length)) * value ** 2);
}

export function rastrigin(z: Vector): number {
  return sum(z, (value) => 10 * (1 - Math.cos(2 * Math.PI * value)) + value ** 2);
}
