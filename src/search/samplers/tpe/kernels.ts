/** Kernels of one parameter: one per observation, in age order, and the prior kernel last. */

import type { Rng } from '../../math/rng.js';

interface Shared {
  /** m + 1. */
  readonly count: number;
  /** A point drawn from one kernel. */
  readonly draw: (kernel: number, rng: Rng) => number;
  /** ln of one kernel's density, or of its mass, at a point. */
  readonly logAt: (point: number, kernel: number) => number;
}

/** Kernels whose densities cost so little that they are worked out for all. */
export interface QuickKernels extends Shared {
  readonly isQuick: true;
  /** The part of ln of the density that is the same at every point. [m + 1] */
  readonly constants: Float64Array;
  /** Adds the rest of ln of the density of each kernel at a point. [m + 1] */
  readonly add: (point: number, logs: Float64Array) => void;
  /**
   * Where `add` raises none: does the same to the first `alive` sums, by the kernels they belong to, and drops those that fall
   * below `floor`: the rest move up. How many are left.
   */
  readonly drop?: (point: number, sums: Sums, alive: number, floor: number) => number;
  /** ln of the weighted sum of the kernels at a point, to 0.004; only where points hardly ever come again. */
  readonly mixture?: (weights: Float64Array) => (point: number) => number;
}

/** Kernels whose masses are dear, so that only those that still matter are worked out. */
export interface DearKernels extends Shared {
  readonly isQuick: false;
  /** No kernel has a larger ln anywhere. */
  readonly ceiling: number;
  /**
   * Adds to the first `alive` sums ln of the mass of the kernels they belong to, at a point, and drops those that fall below
   * `floor`: the rest move up. How many are left.
   */
  readonly add: (point: number, sums: Sums, alive: number, floor: number) => number;
  /** Adds ln of the mass of each kernel at a point: for when most matter. [m + 1] */
  readonly addAll: (point: number, logs: Float64Array) => void;
}

/** A point is u in [0, 1] for numeric parameters and the index of the choice for the others. */
export type Kernels = QuickKernels | DearKernels;

/** Kernels that still matter, ascending, and the ln of their weighted product so far. */
export interface Sums {
  /** [m + 1] */
  readonly kernels: Uint32Array;
  /** [m + 1] */
  readonly logs: Float64Array;
}
