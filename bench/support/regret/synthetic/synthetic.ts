/** The frame of a synthetic problem: seed s meets instance s mod 5, drawn from the problem's name. */
import { createRng, type Rng } from '../../../../src/search/math/rng.js';
import { seededGenerator } from '../../../../src/service/search/generator.js';
import type { Instance, Problem } from '../problem.js';

const INSTANCES = 5;

/** Minimised, unless said otherwise. `make` draws what is particular to an instance from `rng` alone. */
export function synthetic(
  name: string,
  make: (rng: Rng, number: number) => Instance,
  rest: Partial<Pick<Problem, 'scale' | 'isConstrained'>> = {},
): Problem {
  return {
    name: `synthetic-${name}`,
    family: 'synthetic',
    direction: 'minimize',
    scale: 'linear',
    ...rest,
    instance: (seed) => {
      const number = seed % INSTANCES;
      return make(createRng(`${name}/${number}`, seededGenerator), number);
    },
  };
}
