/** Six numbers in the logarithm, some of little weight; the value falls in steps of a third of a decade. */
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { uniformVector } from '../bbob/draws.js';
import { sum } from '../bbob/transforms.js';
import { synthetic } from './synthetic.js';

const WEIGHTS = [1, 1, 0.5, 0.25, 0.1, 0.05];
const STEP = 1 / 3;
const NAMES = WEIGHTS.map((_, i) => `x${i}`);
const space = parseSpace({ parameters: NAMES.map((name) => ({ name, kind: 'float', low: 1e-6, high: 1, log: true })) });

export const logPlateaus = synthetic('log-plateaus', (rng) => {
  const optimum = uniformVector(rng, WEIGHTS.length, -5, -1);
  return {
    space,
    optimum: 0,
    evaluate: (params) => {
      const distances = NAMES.map((name, i) => Math.abs(Math.log10(Number(params[name])) - (optimum[i] ?? 0)));
      return { value: sum(distances, (distance, i) => (WEIGHTS[i] ?? 0) * STEP * Math.floor(distance / STEP)) };
    },
  };
});
