/** What the regret bench optimises: a family of functions with known optima, the same numbers for us and for the peers. */
import type { Direction } from '../../../src/search/history.js';
import type { Rng } from '../../../src/search/math/rng.js';
import type { Params, SearchSpace } from '../../../src/search/space/parameter.js';

export type Family = 'hpobench' | 'nasbench201' | 'bbob' | 'synthetic';

export interface Evaluation {
  /** What the optimiser is told; NaN and infinities are failed trials. */
  readonly value: number;
  /** What regret counts when the optimiser is told something noisy; otherwise `value`. */
  readonly truth?: number;
  /** Feasible when all are <= 0. */
  readonly constraints?: readonly number[];
}

/** One function to optimise. Pure: the same params and stream give the same numbers. */
export interface Instance {
  readonly space: SearchSpace;
  /** The best value there is, or the best known. */
  readonly optimum: number;
  /** `rng` is the stream of the trial: noise is drawn from it. */
  readonly evaluate: (params: Params, rng: Rng) => Evaluation;
}

export interface Problem {
  /** Unique, with its family first: `hpobench-car`, `bbob-f8-d5`. */
  readonly name: string;
  readonly family: Family;
  readonly direction: Direction;
  /** `logGap`: regret compares decades of the distance to the optimum, as values span many. */
  readonly scale: 'linear' | 'logGap';
  /** Whether evaluations have constraints, which a peer has to be told before it begins. */
  readonly isConstrained?: true;
  /** The function that optimisers meet with this seed, 0, 1, 2 …; most problems have one only. */
  readonly instance: (seed: number) => Instance;
}
