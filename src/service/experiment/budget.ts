/** What of a budget is spent, in words. Pure. */
import type { Budget, Cost } from '../../domain/experiment.js';

/** What an experiment has used so far. */
export interface Used extends Cost {
  /** Trials that were created, whoever chose their params. */
  readonly trials: number;
}

/** The limit that allows no further proposal, such as `12 of 12 trials`; null while there is none. */
export function spentOf(budget: Budget, used: Used): string | null {
  const { maxTrials } = budget;
  if (maxTrials !== null && used.trials >= maxTrials) return `${used.trials} of ${maxTrials} trials`;
  return overHoursOf(budget, used);
}

/** The limit of hours, whichever kind, that is reached: what `whenSpent` is about. */
export function overHoursOf({ maxHours, maxGpuHours, maxSlotHours }: Budget, used: Cost): string | null {
  if (maxHours !== null && used.hours >= maxHours)
    return `${rounded(used.hours)} of ${maxHours} hours since its creation`;
  if (maxGpuHours !== null && used.gpuHours >= maxGpuHours)
    return `${rounded(used.gpuHours)} of ${maxGpuHours} GPU hours`;
  if (maxSlotHours !== null && used.slotHours >= maxSlotHours)
    return `${rounded(used.slotHours)} of ${maxSlotHours} slot hours`;
  return null;
}

function rounded(hours: number): number {
  return Number(hours.toPrecision(3));
}
