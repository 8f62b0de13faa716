/** What a completed trial is worth: the rules about missing, NaN and infinite objectives in one place (rule 8). Pure. */
import type { Objective } from '../../domain/experiment.js';

/** What is stored of the objective's metric: `min` and `max` are over finite values. */
export interface Observed {
  readonly last: number;
  readonly min: number | null;
  readonly max: number | null;
}

/** The trial's value by the objective: what was told wins over what was reported. Null: nothing of either. */
export function objectiveValue(objective: Objective, told: number | null, observed: Observed | null): number | null {
  if (told !== null) return told;
  if (observed === null) return null;
  if (objective.take === 'last') return observed.last;
  // No finite report at all: the last one says whether it was NaN or an infinity.
  return (objective.goal === 'maximize' ? observed.max : observed.min) ?? observed.last;
}

/** Why a trial that ended well has failed after all, null when its value is one. An infinity is a value, and never best. */
export function objectiveProblem(objective: Objective, value: number | null): string | null {
  if (value === null)
    return `no value of the objective ${objective.metric} was reported; report it before the trial ends`;
  if (Number.isNaN(value)) return `NAN_OBJECTIVE: the objective ${objective.metric} is NaN`;
  return null;
}

/** Whether `value` is better than every other finite value, of which `other` is the best. */
export function isBetter(objective: Objective, value: number, other: number | null): boolean {
  if (!Number.isFinite(value)) return false;
  if (other === null) return true;
  return objective.goal === 'maximize' ? value > other : value < other;
}
