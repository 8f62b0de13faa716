/**
 * Hartmann's function of six variables with normal noise, 1 % and 10 % of its range; regret counts the value without noise.
 * @source Hartman 1973; constants and optimum as in Dixon and Szego 1978.
 */
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { normal } from '../bbob/draws.js';
import { sum } from '../bbob/transforms.js';
import { synthetic } from './synthetic.js';

const ALPHA = [1, 1.2, 3, 3.2];
const A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const OPTIMUM = -3.32236801141551;

const NAMES = [0, 1, 2, 3, 4, 5].map((i) => `x${i}`);
const space = parseSpace({ parameters: NAMES.map((name) => ({ name, kind: 'float', low: 0, high: 1 })) });

export const noise1 = noisy('noise-1', 0.01);
export const noise10 = noisy('noise-10', 0.1);

function noisy(name: string, share: number) {
  return synthetic(name, () => ({
    space,
    optimum: OPTIMUM,
    evaluate: (params, rng) => {
      const truth = hartmann(NAMES.map((axis) => Number(params[axis])));
      return { value: truth - share * OPTIMUM * normal(rng), truth };
    },
  }));
}

function hartmann(x: readonly number[]): number {
  return -sum(
    ALPHA,
    (alpha, i) => alpha * Math.exp(-sum(x, (value, j) => (A[i]?.[j] ?? 0) * (value - (P[i]?.[j] ?? 0)) ** 2)),
  );
}
