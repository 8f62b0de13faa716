/** Rosenbrock in five dimensions where 30 % of the box, cut off by a random plane, returns NaN: runs that diverge. */
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { normal, uniformVector } from '../bbob/draws.js';
import { rosenbrock } from '../bbob/moderate.js';
import { sum } from '../bbob/transforms.js';
import { synthetic } from './synthetic.js';

const DIMENSION = 5;
const SHARE = 0.3;
/** Points that measure where the plane has to stand. */
const SAMPLE = 2_000;
const NAMES = Array.from({ length: DIMENSION }, (_, i) => `x${i}`);
const space = parseSpace({ parameters: NAMES.map((name) => ({ name, kind: 'float', low: -5, high: 5 })) });

/** The optimum is on the side that works. */
export const nanRegion = synthetic(
  'nan-region',
  (rng) => {
    const { optimum, gap } = rosenbrock(DIMENSION, rng.fork('shape'));
    const plane = rng.fork('plane');
    const drawn = Array.from({ length: DIMENSION }, () => normal(plane));
    const heightOf = (x: readonly number[], normals: readonly number[]) =>
      sum(x, (value, i) => value * (normals[i] ?? 0));
    const normals = heightOf(optimum, drawn) > 0 ? drawn.map((value) => -value) : drawn;
    const heights = Array.from({ length: SAMPLE }, () => heightOf(uniformVector(plane, DIMENSION, -5, 5), normals));
    const limit = heights.sort((a, b) => a - b)[Math.floor((1 - SHARE) * SAMPLE)] ?? 0;
    return {
      space,
      optimum: 0,
      evaluate: (params) => {
        const x = NAMES.map((name) => Number(params[name]));
        return { value: heightOf(x, normals) > limit ? Number.NaN : gap(x) };
      },
    };
  },
  { scale: 'logGap' },
);
