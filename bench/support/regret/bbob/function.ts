/** How a file of this folder gives a function: what it draws for an instance, then its value, 0 at the optimum. */
import type { Rng } from '../../../../src/search/math/rng.js';
import type { Vector } from './transforms.js';

export interface Centred {
  /** In [-5, 5]^D. */
  readonly optimum: Vector;
  /** Above the optimum's value: 0 there, and nowhere less. */
  readonly gap: (x: Vector) => number;
}

/** An instance in D >= 2 dimensions; what it draws depends on `rng` alone. */
export type BbobFunction = (dimension: number, rng: Rng) => Centred;
