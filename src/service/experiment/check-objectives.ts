/** What a search shall make good, and which bounds it shall keep, checked once and completed by defaults. Pure. */
import { PlatformError } from '../../domain/errors.js';
import type { MetricConstraint, Objective } from '../../domain/experiment.js';
import { checkText } from '../check.js';

export interface ObjectiveInput {
  readonly metric: string;
  readonly goal: Objective['goal'];
  readonly take?: Objective['take'] | null;
}

/** Exactly one of the two bounds. */
export interface MetricConstraintInput {
  readonly metric: string;
  readonly atMost?: number | null;
  readonly atLeast?: number | null;
  readonly take?: MetricConstraint['take'] | null;
}

export interface ObjectivesInput {
  /** Short for `objectives` with one. */
  readonly objective?: ObjectiveInput | null;
  readonly objectives?: readonly ObjectiveInput[] | null;
  readonly metricConstraints?: readonly MetricConstraintInput[] | null;
}

const MOST_OBJECTIVES = 8;
const MOST_CONSTRAINTS = 16;

/** The objectives in their order, by default each metric's last value. @throws INPUT_INVALID, LIMIT_EXCEEDED. */
export function checkObjectives({ objective, objectives }: ObjectivesInput): readonly [Objective, ...Objective[]] {
  if (isGiven(objective) === isGiven(objectives))
    throw new PlatformError('INPUT_INVALID', 'give objective or objectives, one of the two');
  const given = objectives ?? (isGiven(objective) ? [objective] : []);
  if (given.length > MOST_OBJECTIVES)
    throw new PlatformError('LIMIT_EXCEEDED', `a search may have at most ${MOST_OBJECTIVES} objectives`);
  const [first, ...others] = given.map(checkObjective);
  if (first === undefined)
    throw new PlatformError('INPUT_INVALID', 'objectives is empty: name what shall be made good');
  const metrics = [first, ...others].map(({ metric }) => metric);
  const twice = metrics.find((metric, i) => metrics.indexOf(metric) < i);
  if (twice !== undefined) throw new PlatformError('INPUT_INVALID', `two objectives are of the metric ${twice}`);
  return [first, ...others];
}

/** The bounds in their order, by default on each metric's last value. @throws INPUT_INVALID, LIMIT_EXCEEDED. */
export function checkMetricConstraints({ metricConstraints }: ObjectivesInput): readonly MetricConstraint[] {
  const given = metricConstraints ?? [];
  if (given.length > MOST_CONSTRAINTS)
    throw new PlatformError('LIMIT_EXCEEDED', `a search may have at most ${MOST_CONSTRAINTS} metricConstraints`);
  return given.map(checkConstraint);
}

function checkObjective(given: ObjectiveInput): Objective {
  return { metric: checkMetric(given.metric, 'the objective'), goal: given.goal, take: given.take ?? 'last' };
}

function checkConstraint(given: MetricConstraintInput): MetricConstraint {
  const metric = checkMetric(given.metric, 'a metric constraint');
  const { atMost = null, atLeast = null, take } = given;
  if (isGiven(atMost) === isGiven(atLeast))
    throw new PlatformError('INPUT_INVALID', `the constraint on ${metric} needs atMost or atLeast, one of the two`);
  if (!Number.isFinite(atMost ?? atLeast))
    throw new PlatformError('INPUT_INVALID', `the bound on ${metric} must be a finite number`);
  return { metric, atMost, atLeast, take: take ?? 'last' };
}

function checkMetric(given: string, what: string): string {
  const metric = checkText(given, 'metric', 256);
  if (metric === '') throw new PlatformError('INPUT_INVALID', `${what} must name a metric`);
  return metric;
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
