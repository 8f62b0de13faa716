/** f6 to f9: low or moderate conditioning. */
import { rotation, uniformVector } from './draws.js';
import type { BbobFunction } from './function.js';
import { along, bumped, conditioned, minus, outside, sum, times, transposed, type Vector } from './transforms.js';

export const attractiveSector: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
  return {
    optimum,
    gap: (x) => {
      const z = times(q, conditioned(times(r, minus(x, optimum)), 10));
      return bumped(sum(z, (value, i) => ((value * (optimum[i] ?? 0) > 0 ? 100 : 1) * value) ** 2)) ** 0.9;
    },
  };
};

export const stepEllipsoid: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -4, 4);
  const [r, q] = [rotation(rng, dimension), rotation(rng, dimension)];
  return {
    optimum,
    gap: (x) => {
      const fine = conditioned(times(r, minus(x, optimum)), 10);
      const steps = fine.map((value) =>
        Math.abs(value) > 0.5 ? Math.floor(0.5 + value) : Math.floor(0.5 + 10 * value) / 10,
      );
      const bowl = sum(times(q, steps), (value, i) => 100 ** along(i, dimension) * value ** 2);
      return 0.1 * Math.max(Math.abs(fine[0] ?? 0) / 1e4, bowl) + outside(x);
    },
  };
};

export const rosenbrock: BbobFunction = (dimension, rng) => {
  const optimum = uniformVector(rng, dimension, -3, 3);
  const scale = scaleOf(dimension);
  return { optimum, gap: (x) => banana(minus(x, optimum).map((value) => scale * value + 1)) };
};

export const rotatedRosenbrock: BbobFunction = (dimension, rng) => {
  const r = rotation(rng, dimension);
  return { optimum: rotatedOptimum(r), gap: (x) => banana(rotatedPlace(r, x)) };
};

/** Where f9 and f19 stand in their own coordinates; the optimum is (1, …, 1). */
export function rotatedPlace(r: readonly Vector[], x: Vector): Vector {
  const scale = scaleOf(x.length);
  return times(r, x).map((value) => scale * value + 0.5);
}

/** What `rotatedPlace` takes to (1, …, 1). */
export function rotatedOptimum(r: readonly Vector[]): Vector {
  const scale = scaleOf(r.length);
  return times(
    transposed(r),
    r.map(() => 0.5 / scale),
  );
}

function scaleOf(dimension: number): number {
  return Math.max(1, Math.sqrt(dimension) / 8);
}

function banana(z: Vector): number {
  return sum(z.slice(0, -1), (value, i) => 100 * (value ** 2 - (z[i + 1] ?? 0)) ** 2 + (value - 1) ** 2);
}
