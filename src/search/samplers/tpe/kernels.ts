/** Kernels of one parameter: one per observation, in age order, and the prior kernel last. */

import type { Rng } from '../../math/rng.js';

/** A point is u in [0, 1] for numeric parameters and the index of the choice for the others. */
export interface Kernels {
  /** A point drawn from one kernel. */
  readonly draw: (kernel: number, rng: Rng) => number;
  /** Adds to each kernel's sum the ln of its density, or of its mass, at a point. `sums`: [m + 1]. */
  readonly addLogDensity: (point: number, sums: Float64Array) => void;
}
