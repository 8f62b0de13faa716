/** The process over one objective: fitted, conditioned on all that is known of it, and what it makes of the values. */

import { solveBackward } from '../../math/triangular.js';
import type { Evidence, Known } from './evidence.js';
import type { Features } from './features.js';
import type { FitOptions } from './fit.js';
import type { Hyperparameters } from './kernel.js';
import { fitOf } from './known-fit.js';
import { LEAST_NOISE } from './posterior-cost.js';
import { fewer, inFlight, joined } from './rows.js';
import { objectiveSample, type RawSample } from './sample.js';
import { scheduledFit } from './schedule.js';
import { createSurrogate, type Surrogate } from './surrogate.js';
import { keptRows } from './thin.js';
import { warp } from './warp.js';

/** Failed trials beside the values of the objective: more are thinned. */
const MOST_FAILED = 150;
/** Share of noise in the variance above which the best value observed may have been luck. */
const NOISY = 0.1;

export interface ObjectiveModel {
  readonly surrogate: Surrogate;
  readonly hyperparameters: Hyperparameters;
  /** Warped, by group of replicates. [groups] */
  readonly values: Float64Array;
  readonly groups: RawSample['groups'];
  /** [groups] */
  readonly noiseShare: Float64Array;
  /** The largest sum of excesses over constraints in each group: 0 when it is known to be feasible. [groups] */
  readonly excesses: readonly number[];
  /** Groups that the process is conditioned on. */
  readonly kept: readonly number[];
  /** Groups, the best first, feasible ones before others. */
  readonly order: readonly number[];
  /** Row of the best. */
  readonly centre: Float64Array;
  /** The original, minimised value of a warped one. */
  readonly invert: (z: number) => number;
  /** The objective's own unit of one warped unit. */
  readonly unit: number;
}

/** What is modelled, and how groups of it are ordered, the best first. */
export interface Role {
  readonly name: string;
  readonly order: (sample: RawSample, excesses: readonly number[]) => readonly number[];
}

/** One objective by itself: by its value, feasible ones before others. */
const ALONE: Role = {
  name: 'objective',
  order: ({ values }, excesses) =>
    [...values.keys()].sort(
      (a, b) =>
        (excesses[a] as number) - (excesses[b] as number) || (values[a] as number) - (values[b] as number) || a - b,
    ),
};

/** Null when nothing has a value. What is pending is in the factor, after all that has one. */
export function objectiveModel(
  features: Features,
  { known, failed, pending }: Evidence,
  options: FitOptions,
  { name, order: orderOf }: Role = ALONE,
): ObjectiveModel | null {
  const raw = objectiveSample(features, known);
  if (raw === null) return null;
  const first = (k: number) => objectiveSample(features, known.slice(0, k)) ?? raw;
  const fit = fitOf(name, features, known, first, options);
  const { hyperparameters } = fit;
  const { weights } = hyperparameters;
  const { values, invert, deviation } = warp(fit.warp, raw.values);
  const isAsked = known.some(hasTold);
  const excessesOf = ({ groups }: RawSample) => groups.map((group) => excessOf(group, isAsked));
  const excesses = excessesOf(raw);
  const order = orderOf(raw, excesses);
  const centre = raw.groups[order[0] ?? 0]?.[0]?.row ?? new Float64Array(features.width);
  const kept = keptRows(raw, {
    atFit: () => first(scheduledFit(known.length)),
    ranked: (atFit) => orderOf(atFit, excessesOf(atFit)),
    weights,
    centre,
  });
  const worst = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const failures = fewer(features, failed, weights, centre, MOST_FAILED);
  const waiting = inFlight(features, pending, weights, centre);
  const table = joined(raw.table, kept, [...failures, ...waiting]);
  // A failure stands at the worst that was seen: nothing better is known to be wrong with it.
  const targets = Float64Array.from([...kept.map((i) => values[i] as number), ...failures.map(() => worst)]);
  // What is pending is imagined without noise: else a second trial at the same place would seem worth its while.
  const shares = Float64Array.from({ length: table.count }, (_, i) =>
    i < kept.length ? (raw.noiseShare[kept[i] as number] as number) : i < targets.length ? 1 : 0,
  );
  const surrogate = createSurrogate(table, targets, shares, hyperparameters, name);
  if (surrogate === null) return null;
  const { groups, noiseShare } = raw;
  const unit = deviation || 1;
  return { surrogate, hyperparameters, values, groups, noiseShare, excesses, kept, order, centre, invert, unit };
}

/** Whether the values that were observed may owe so much to luck that the smooth part alone has to be trusted. */
export function isNoisy({ hyperparameters: { signal, noise } }: ObjectiveModel): boolean {
  return noise / (signal + noise) > NOISY;
}

/** The posterior mean at each group: its value less the noise that the model sees in it; the value where it was left out. [groups] */
export function smoothValues({ surrogate, values, noiseShare, kept }: ObjectiveModel): Float64Array {
  const { whitened, factor, hyperparameters } = surrogate;
  const solved = whitened.slice();
  solveBackward({ ...factor, size: solved.length }, solved);
  const means = values.slice();
  kept.forEach((i, at) => {
    const noise = hyperparameters.noise * (noiseShare[i] as number) + LEAST_NOISE;
    means[i] = (values[i] as number) - noise * (solved[at] as number);
  });
  return means;
}

/**
 * Whether one of these is known to be feasible: all are while none has told constraints; once some have, one that ended before
 * it told its own is not.
 */
export function feasibleAmong(known: readonly Known[]): (one: Known) => boolean {
  const isAsked = known.some(hasTold);
  return (one) => (hasTold(one) || !isAsked) && one.constraints.every((excess) => excess <= 0);
}

function hasTold({ constraints }: Known): boolean {
  return constraints.length > 0;
}

/**
 * The largest sum of excesses over constraints among replicates that told them: 0 when all are feasible, the worst there is when
 * none told any where others did.
 */
function excessOf(group: readonly Known[], isAsked: boolean): number {
  const told = group.filter(hasTold);
  if (told.length === 0) return isAsked ? Number.MAX_VALUE : 0;
  const sums = told.map(({ constraints }) =>
    constraints.reduce((sum, c) => sum + (c > 0 ? c : c <= 0 ? 0 : Infinity), 0),
  );
  return Math.min(Number.MAX_VALUE, Math.max(...sums));
}
