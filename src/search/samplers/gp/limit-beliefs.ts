/** What holds a search back: constraints that are known only after a run, and where trials fail. */

import { type Belief, constraintBelief, successBelief } from './belief.js';
import type { Evidence } from './evidence.js';
import type { Features } from './features.js';
import type { FitOptions } from './fit.js';
import { fitOf } from './known-fit.js';
import { inFlight, joined, picked } from './rows.js';
import { constraintSample, failureSample, type RawSample } from './sample.js';
import { scheduledFit } from './schedule.js';
import { createSurrogate } from './surrogate.js';
import { keptRows } from './thin.js';
import { warp } from './warp.js';

/** Failures before it is asked where they happen. */
const FEWEST_FAILURES = 2;

/** One for each constraint that was ever reported and says anything. */
export function constraintBeliefs(
  features: Features,
  { known, pending }: Evidence,
  centre: Float64Array,
  options: FitOptions,
): readonly Belief[] {
  const count = known.reduce((most, { constraints }) => Math.max(most, constraints.length), 0);
  return Array.from({ length: count }, (_, k) => {
    const told = known.filter(({ constraints }) => constraints.length > k);
    const raw = constraintSample(features, told, k);
    if (raw === null) return [];
    const first = (m: number) => constraintSample(features, told.slice(0, m), k) ?? raw;
    const name = `constraint ${k}`;
    const { hyperparameters } = fitOf(name, features, told, first, plain(options));
    const { values, mean, deviation } = warp('identity', raw.values);
    if (deviation === 0) return [];
    const { weights } = hyperparameters;
    const atFit = () => first(scheduledFit(told.length));
    const kept = keptRows(raw, { atFit, ranked: aboveZero, weights, centre });
    const table = joined(raw.table, kept, inFlight(features, pending, weights, centre));
    const shares = Float64Array.from({ length: table.count }, (_, i) => raw.noiseShare[kept[i] ?? -1] ?? 1);
    const surrogate = createSurrogate(table, picked(values, kept), shares, hyperparameters, name);
    return surrogate === null ? [] : [constraintBelief(surrogate, -mean / deviation)];
  }).flat();
}

/** One, once there are some failures. */
export function failureBeliefs(
  features: Features,
  { outcomes, failed }: Evidence,
  centre: Float64Array,
  options: FitOptions,
): readonly Belief[] {
  if (failed.length < FEWEST_FAILURES) return [];
  const raw = failureSample(features, outcomes);
  const first = (m: number) => failureSample(features, outcomes.slice(0, m));
  const { hyperparameters } = fitOf('failure', features, outcomes, first, plain(options));
  const { values, mean, deviation } = warp('identity', raw.values);
  const atFit = () => first(scheduledFit(outcomes.length));
  const kept = keptRows(raw, { atFit, ranked: aboveZero, weights: hyperparameters.weights, centre });
  const surrogate = createSurrogate(
    joined(raw.table, kept, []),
    picked(values, kept),
    picked(raw.noiseShare, kept),
    hyperparameters,
    'failure',
  );
  return surrogate === null ? [] : [successBelief(surrogate, mean, deviation)];
}

/** Such values are taken as they are. */
function plain(options: FitOptions): FitOptions {
  return { ...options, warps: ['identity'], isHighTelling: true };
}

/** The rows where a constraint was violated, or a trial failed, the newest first. */
function aboveZero({ values }: RawSample): readonly number[] {
  return [...values.keys()].filter((i) => (values[i] as number) > 0).reverse();
}
