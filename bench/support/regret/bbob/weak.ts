/** f20 to f24: many valleys, and little that tells where the deepest is. */
import type { Rng } from '../../../../src/search/math/rng.js';
import { permutation, rotation, signs, uniformVector } from './draws.js';
import type { BbobFunction } from './function.js';
import { rastrigin } from './separable.js';
import { along, bumped, conditioned, minus, outside, sum, times, type Vector } from './transforms.js';

const SCHWEFEL = 4.2096874637;

export const schwefel: BbobFunction = (dimension, rng) => {
  const side = signs(rng, dimension);
  const valueAt = (z: Vector) => -sum(z, (value) => value * Math.sin(Math.sqrt(Math.abs(value)))) / (100 * dimension);
  const lowest = valueAt(side.map(() => 100 * SCHWEFEL));
  return {
    optimum: side.map((sign) => (sign * SCHWEFEL) / 2),
    gap: (x) => {
      const turned = x.map((value, i) => 2 * (side[i] ?? 1) * value);
      const tied = turned.map((value, i) => (i === 0 ? value : value + 0.25 * ((turned[i - 1] ?? 0) - SCHWEFEL)));
      const near = conditioned(
        tied.map((value) => value - SCHWEFEL),
        10,
      );
      const z = near.map((value) => 100 * (value + SCHWEFEL));
      // The lowest place is known to ten digits: the value there is 0 to rounding, and nowhere below.
      return Math.max(0, valueAt(z) - lowest + 100 * outside(z.map((value) => value / 100)));
    },
  };
};

export const gallagher101: BbobFunction = (dimension, rng) => gallagher(dimension, rng, 101, 1_000, 5, 4);
export const gallagher21: BbobFunction = (dimension, rng) => gallagher(dimension, rng, 21, 1e6, 4.9, 3.92);

export const katsuura: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
  const powers = Array.from({ length: 32 }, (_, j) => 2 ** (j + 1));
  return {
    optimum,
    gap: (x) => {
      const z = times(q, conditioned(times(r, minus(x, optimum)), 100));
      const product = z.reduce((all, value, i) => {
        const rough = sum(powers, (power) => Math.abs(power * value - Math.round(power * value)) / power);
        return all * (1 + (i + 1) * rough) ** (10 / dimension ** 1.2);
      }, 1);
      return (10 / dimension ** 2) * (product - 1) + outside(x);
    },
  };
};

export const lunacek: BbobFunction = (dimension, rng) => {
  const side = signs(rng, dimension);
  const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
  const near = 2.5;
  const narrow = 1 - 1 / (2 * Math.sqrt(dimension + 20) - 8.2);
  const far = -Math.sqrt((near ** 2 - 1) / narrow);
  return {
    optimum: side.map((sign) => (sign * near) / 2),
    gap: (x) => {
      const turned = x.map((value, i) => 2 * (side[i] ?? 1) * value);
      const z = times(
        q,
        conditioned(
          times(
            r,
            turned.map((value) => value - near),
          ),
          100,
        ),
      );
      const bowls = Math.min(
        sum(turned, (value) => (value - near) ** 2),
        dimension + narrow * sum(turned, (value) => (value - far) ** 2),
      );
      return bowls + rastrigin(z) - sum(z, (value) => value ** 2) + 1e4 * outside(x);
    },
  };
};

/** Peaks of different heights and shapes, the highest of height 10 in the middle part of the box. */
function gallagher(dimension: number, rng: Rng, peaks: number, steepest: number, width: number, middle: number) {
  const r = rotation(rng, dimension);
  const optimum = uniformVector(rng, dimension, -middle, middle);
  const others = Array.from({ length: peaks - 1 }, () => uniformVector(rng, dimension, -width, width));
  const order = permutation(rng, peaks - 1);
  const hills = [optimum, ...others].map((place, i) => {
    const condition = i === 0 ? steepest : 1_000 ** ((2 * (order[i - 1] ?? 0)) / (peaks - 2));
    const shuffled = permutation(rng, dimension);
    return {
      centre: times(r, place),
      weights: shuffled.map((j) => condition ** (0.5 * along(j, dimension) - 0.25)),
      height: i === 0 ? 10 : 1.1 + (8 * (i - 1)) / (peaks - 2),
    };
  });
  return {
    optimum,
    gap: (x: Vector) => {
      const turned = times(r, x);
      const highest = hills.reduce((best, { centre, weights, height }) => {
        const distance = sum(turned, (value, j) => (weights[j] ?? 0) * (value - (centre[j] ?? 0)) ** 2);
        return Math.max(best, height * Math.exp(-distance / (2 * dimension)));
      }, 0);
      return bumped(Math.max(0, 10 - highest)) ** 2 + outside(x);
    },
  };
}
