/** How much a search may spend, in the words of people. */

import type { BudgetChangeInput, WhenSpent } from './generated/operations.js';

/** Null is no limit; what is not named has its default, or in a revision stays as it is. */
export interface BudgetOptions {
  /** Trials in all. */
  readonly maxTrials?: number | null;
  /** Trials at the same time; default 1. */
  readonly maxParallel?: number;
  /** Hours since the experiment's creation. */
  readonly maxHours?: number | null;
  /** GPUs times the hours that runners held its jobs. */
  readonly maxGpuHours?: number | null;
  /** The same of CPU slots: for searches without GPUs. */
  readonly maxSlotHours?: number | null;
  /** What becomes of trials that have not ended when hours of any kind are spent; default `finish`. */
  readonly whenSpent?: Lowercase<WhenSpent>;
}

/** The budget as the API spells it. */
export function toBudget({ whenSpent, ...limits }: BudgetOptions): BudgetChangeInput {
  return whenSpent === undefined ? limits : { ...limits, whenSpent: whenSpent.toUpperCase() as WhenSpent };
}
