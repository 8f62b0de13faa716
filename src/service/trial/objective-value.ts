/** What a completed trial is worth: the rules about missing, NaN and infinite objectives in one place (rule 8). Pure. */
import type { MetricConstraint, Objective, Search } from '../../domain/experiment.js';
import { violation } from '../../search/standing.js';

/** What is stored of a metric of a trial: `min` and `max` are over finite values. */
export interface Observed {
  readonly last: number;
  readonly min: number | null;
  readonly max: number | null;
}

/** By name; metrics that were not reported are left out. */
export type ObservedMetrics = ReadonlyMap<string, Observed>;

/** The trial's value by the objective: what was told wins over what was reported. Null: nothing of either. */
export function objectiveValue(objective: Objective, told: number | null, observed: Observed | null): number | null {
  if (told !== null) return told;
  if (observed === null) return null;
  if (objective.take === 'last') return observed.last;
  // No finite report at all: the last one says whether it was NaN or an infinity.
  return (objective.goal === 'maximize' ? observed.max : observed.min) ?? observed.last;
}

/** The value of each objective in their order; `told` is shorter where less was told. */
export function objectiveValues(
  objectives: readonly Objective[],
  told: readonly (number | null)[],
  observed: ObservedMetrics,
): readonly (number | null)[] {
  return objectives.map((objective, i) =>
    objectiveValue(objective, told[i] ?? null, observed.get(objective.metric) ?? null),
  );
}

/** What counts of each metric with a bound, in the order of the bounds. */
export function constraintValues(
  constraints: readonly MetricConstraint[],
  observed: ObservedMetrics,
): readonly (number | null)[] {
  return constraints.map(({ metric, atMost, take }) => {
    const seen = observed.get(metric);
    if (seen === undefined) return null;
    if (take === 'last') return seen.last;
    return (atMost === null ? seen.min : seen.max) ?? seen.last;
  });
}

/** By how much each bound is exceeded: feasible when <= 0. What samplers know of a trial's constraints. */
export function excesses(constraints: readonly MetricConstraint[], values: readonly number[]): readonly number[] {
  return constraints.map(({ atMost, atLeast }, i) => {
    const value = values[i] ?? Number.NaN;
    return atMost === null ? (atLeast ?? 0) - value : value - atMost;
  });
}

/** The sum of what bounds are exceeded by: 0 is feasible, NaN counts as Infinity. */
export function violationOf(constraints: readonly MetricConstraint[], values: readonly number[]): number {
  return violation({ constraints: excesses(constraints, values) });
}

/** Why a trial that ended well has failed after all, null when its value is one. An infinity is a value, and never best. */
export function objectiveProblem(objective: Objective, value: number | null): string | null {
  if (value === null)
    return `no value of the objective ${objective.metric} was reported; report it before the trial ends`;
  if (Number.isNaN(value)) return `NAN_OBJECTIVE: the objective ${objective.metric} is NaN`;
  return null;
}

/** The same for all that a search looks at, objectives before bounds. A metric with a bound that is NaN is no failure. */
export function outcomeProblem(
  { objectives, metricConstraints }: Pick<Search, 'objectives' | 'metricConstraints'>,
  values: readonly (number | null)[],
  observed: readonly (number | null)[],
): string | null {
  for (const [i, objective] of objectives.entries()) {
    const problem = objectiveProblem(objective, values[i] ?? null);
    if (problem !== null) return problem;
  }
  const missing = metricConstraints.find((_, i) => (observed[i] ?? null) === null);
  if (missing === undefined) return null;
  return `no value of ${missing.metric}, which has a bound, was reported; report it before the trial ends`;
}

/** Whether `value` is better than every other finite value, of which `other` is the best. */
export function isBetter(objective: Objective, value: number, other: number | null): boolean {
  if (!Number.isFinite(value)) return false;
  if (other === null) return true;
  return objective.goal === 'maximize' ? value > other : value < other;
}
