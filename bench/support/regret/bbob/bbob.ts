/**
 * The 24 noiseless functions of the black-box optimisation benchmark, from their published definitions, with shifts and
 * rotations of our own: values are not those of COCO's instances, but were the same to 1e-10 in 2, 3, 5 and 10 dimensions
 * when shifts and rotations were those of COCO 2.8. Seed s meets instance s mod 5.
 * @source Hansen, Finck, Ros and Auger 2009, INRIA RR-6829.
 */
import { createRng } from '../../../../src/search/math/rng.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { seededGenerator } from '../../../../src/service/search/generator.js';
import type { Instance, Problem } from '../problem.js';
import { offset } from './draws.js';
import type { BbobFunction } from './function.js';
import * as illConditioned from './ill-conditioned.js';
import * as moderate from './moderate.js';
import * as multimodal from './multimodal.js';
import * as separable from './separable.js';
import * as weak from './weak.js';

/** f1 to f24. */
export const BBOB_FUNCTIONS: readonly BbobFunction[] = [
  separable.sphere,
  separable.separableEllipsoid,
  separable.separableRastrigin,
  separable.buecheRastrigin,
  separable.linearSlope,
  moderate.attractiveSector,
  moderate.stepEllipsoid,
  moderate.rosenbrock,
  moderate.rotatedRosenbrock,
  illConditioned.rotatedEllipsoid,
  illConditioned.discus,
  illConditioned.bentCigar,
  illConditioned.sharpRidge,
  illConditioned.differentPowers,
  multimodal.rotatedRastrigin,
  multimodal.weierstrass,
  multimodal.schaffers,
  multimodal.illConditionedSchaffers,
  multimodal.griewankRosenbrock,
  weak.schwefel,
  weak.gallagher101,
  weak.gallagher21,
  weak.katsuura,
  weak.lunacek,
];

export const BBOB_INSTANCES = 5;

/** All functions in so many dimensions, at least 2: `bbob-f8-d5`. */
export function bbob(dimension: number): readonly Problem[] {
  return BBOB_FUNCTIONS.map((make, i) => {
    const name = `bbob-f${i + 1}-d${dimension}`;
    return {
      name,
      family: 'bbob',
      direction: 'minimize',
      scale: 'logGap',
      instance: (seed) => instanceOf(name, make, dimension, seed % BBOB_INSTANCES),
    };
  });
}

function instanceOf(name: string, make: BbobFunction, dimension: number, number: number): Instance {
  const rng = createRng(`${name}/${number}`, seededGenerator);
  const { gap } = make(dimension, rng.fork('shape'));
  const optimum = offset(rng.fork('offset'));
  const names = Array.from({ length: dimension }, (_, i) => `x${i}`);
  return {
    space: parseSpace({ parameters: names.map((axis) => ({ name: axis, kind: 'float', low: -5, high: 5 })) }),
    optimum,
    evaluate: (params) => ({ value: optimum + gap(names.map((axis) => Number(params[axis]))) }),
  };
}
