/** Kernels of one parameter: one per observation, in age order, and the prior kernel last. */

import type { Rng } from '../../math/rng.js';

/** A point is u in [0, 1] for numeric parameters and the index of the choice for the others. */
export interface Kernels {
  /** m + 1. */
  readonly count: number;
  /** No kernel has a larger ln density, or ln mass, anywhere. */
  readonly ceiling: number;
  /** A point drawn from one kernel. */
  readonly draw: (kernel: number, rng: Rng) => number;
  /** ln of the prior's density, or of its mass, at a point. */
  readonly logPrior: (point: number) => number;
  /**
   * Adds to the first `alive` sums ln of the density, or of the mass, of the kernels they belong to, at a point, and drops
   * those that fall below `floor`: the rest move up. How many are left.
   */
  readonly addLogDensity: (point: number, sums: Sums, alive: number, floor: number) => number;
}

/** Kernels that still matter, ascending, and the ln of their weighted product so far. */
export interface Sums {
  /** [m + 1] */
  readonly kernels: Uint32Array;
  /** [m + 1] */
  readonly logs: Float64Array;
}
