/** Rastrigin, rotated, over ten coordinates: pairs of 2, 4, 8 and 16 levels, and two that are continuous. */
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { rotation, uniform } from '../bbob/draws.js';
import { rastrigin } from '../bbob/separable.js';
import { conditioned, minus, times } from '../bbob/transforms.js';
import { synthetic } from './synthetic.js';

/** Infinity stands for a continuous coordinate. */
const LEVELS = [2, 2, 4, 4, 8, 8, 16, 16, Infinity, Infinity];
const EDGE = 4;

const space = parseSpace({
  parameters: LEVELS.map((levels, i) => ({
    name: `x${i}`,
    ...(levels === Infinity ? { kind: 'float', low: -EDGE, high: EDGE } : { kind: 'int', low: 0, high: levels - 1 }),
  })),
});

/** The optimum stands on the grid, so that it is 0. */
export const mixedInteger = synthetic('mixed-integer', (rng) => {
  const optimum = LEVELS.map((levels) =>
    levels === Infinity ? uniform(rng, -EDGE, EDGE) : placeOf(Math.floor(rng.next() * levels), levels),
  );
  const r = rotation(rng, LEVELS.length);
  return {
    space,
    optimum: 0,
    evaluate: (params) => {
      const x = LEVELS.map((levels, i) => placeOf(Number(params[`x${i}`]), levels));
      return { value: rastrigin(conditioned(times(r, minus(x, optimum)), 10)) };
    },
  };
});

/** Level k of a coordinate, the first at one edge and the last at the other. */
function placeOf(k: number, levels: number): number {
  return levels === Infinity ? k : -EDGE + (2 * EDGE * k) / (levels - 1);
}
