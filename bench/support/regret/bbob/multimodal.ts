/** f15 to f19: many valleys, and a shape above them that tells where to look. */
import { rotation, uniformVector } from './draws.js';
import type { BbobFunction } from './function.js';
import { rotatedOptimum, rotatedPlace } from './moderate.js';
import { rastrigin } from './separable.js';
import { bumped, conditioned, minus, outside, skewed, sum, times } from './transforms.js';

export const rotatedRastrigin: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
  return {
    optimum,
    gap: (x) => {
      const bent = skewed(times(r, minus(x, optimum)).map(bumped), 0.2);
      return rastrigin(times(r, conditioned(times(q, bent), 10)));
    },
  };
};

const TERMS = Array.from({ length: 12 }, (_, k) => k);
const FLOOR = sum(TERMS, (k) => 0.5 ** k * Math.cos(Math.PI * 3 ** k));

export const weierstrass: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
  return {
    optimum,
    gap: (x) => {
      const bent = times(r, minus(x, optimum)).map(bumped);
      const z = times(r, conditioned(times(q, bent), 0.01));
      const waves = sum(z, (value) => sum(TERMS, (k) => 0.5 ** k * Math.cos(2 * Math.PI * 3 ** k * (value + 0.5))));
      // Rounding alone could take the cube below 0.
      return 10 * Math.max(0, waves / dimension - FLOOR) ** 3 + (10 / dimension) * outside(x);
    },
  };
};

export const schaffers: BbobFunction = schaffersWith(10);
export const illConditionedSchaffers: BbobFunction = schaffersWith(1_000);

export const griewankRosenbrock: BbobFunction = (dimension, rng) => {
  const r = rotation(rng, dimension);
  return {
    optimum: rotatedOptimum(r),
    gap: (x) => {
      const z = rotatedPlace(r, x);
      const waves = sum(z.slice(0, -1), (value, i) => {
        const banana = 100 * (value ** 2 - (z[i + 1] ?? 0)) ** 2 + (value - 1) ** 2;
        return banana / 4_000 - Math.cos(banana);
      });
      return (10 * waves) / (dimension - 1) + 10;
    },
  };
};

function schaffersWith(condition: number): BbobFunction {
  return (dimension, rng) => {
    const optimum = uniformVector(rng, dimension, -4, 4);
    const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
    return {
      optimum,
      gap: (x) => {
        const z = conditioned(times(q, skewed(times(r, minus(x, optimum)), 0.5)), condition);
        const rings = sum(z.slice(0, -1), (value, i) => {
          const radius = Math.hypot(value, z[i + 1] ?? 0);
          return Math.sqrt(radius) * (1 + Math.sin(50 * radius ** 0.2) ** 2);
        });
        return (rings / (dimension - 1)) ** 2 + 10 * outside(x);
      },
    };
  };
}
