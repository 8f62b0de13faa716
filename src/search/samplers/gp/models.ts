/** The models behind one proposal, each with its hyperparameters on schedule and conditioned on all that is known. */

import { contentHash } from '../../math/content-hash.js';
import { inverseLowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';
import { solveBackward } from '../../math/triangular.js';
import { type Belief, type Criterion, constraintBelief, objectiveBelief, successBelief } from './belief.js';
import type { Evidence, Known, Valueless } from './evidence.js';
import type { Features } from './features.js';
import { type Fit, type FitOptions, fitAt } from './fit.js';
import type { Hyperparameters, Table } from './kernel.js';
import { LEAST_NOISE } from './posterior-cost.js';
import { constraintSample, failureSample, objectiveSample, type RawSample } from './sample.js';
import { scheduledFit } from './schedule.js';
import { createSurrogate, type Surrogate } from './surrogate.js';
import { keptRows, thinned } from './thin.js';
import { warp } from './warp.js';

/** Worlds over which what is pending is averaged. */
const WORLDS = 16;
/** Failed trials beside the values of the objective: more are thinned. */
const MOST_FAILED = 150;
/** Failures before it is asked where they happen. */
const FEWEST_FAILURES = 2;
/** Share of noise in the variance above which the best value observed may have been luck. */
const NOISY = 0.1;

export interface Models {
  readonly beliefs: readonly Belief[];
  /** Of the objective: null when nothing has a value. */
  readonly objective: ObjectiveModel | null;
}

export interface ObjectiveModel {
  readonly surrogate: Surrogate;
  readonly hyperparameters: Hyperparameters;
  /** The value to improve on, warped. */
  readonly best: number;
  /** The original, minimised value of a warped one. */
  readonly invert: (z: number) => number;
  /** Points by value, best first; feasible ones before others. */
  readonly ranked: readonly Float64Array[];
}

export interface ModelOptions extends FitOptions {
  readonly acquisition: 'ei' | 'poi' | 'ucb';
  readonly kappa: number;
  /** In the objective's unit. */
  readonly xi: number;
  /**
   * Whether the improvement is that of the next value to be observed, noise and all, or of the smooth part alone. Where no
   * point is tried twice, what the model puts down to noise is as good as a property of the point.
   */
  readonly isNoiseCounted: boolean;
}

/** Fits and conditions all that the next proposal needs. */
export function modelsOf(features: Features, evidence: Evidence, options: ModelOptions, rng: Rng): Models {
  const beliefs: Belief[] = [];
  const objective = objectiveModel(features, evidence, options);
  const centre = objective?.centre ?? evidence.outcomes.at(-1)?.row ?? new Float64Array(features.width);
  const constrained = constraintBeliefs(features, evidence, centre, options);
  const hasFeasible = constrained.length === 0 || evidence.known.some(isFeasible);
  if (objective !== null && hasFeasible) {
    const { surrogate, best, unit, hyperparameters } = objective;
    const worlds = fantasies(surrogate.factor.size - surrogate.whitened.length, rng);
    const margin = options.xi / unit;
    const noise = options.isNoiseCounted ? hyperparameters.noise : 0;
    const criterion: Criterion =
      options.acquisition === 'ucb'
        ? { kind: 'ucb', kappa: options.kappa }
        : { kind: options.acquisition, margin, noise };
    beliefs.push(objectiveBelief(surrogate, best, worlds, criterion));
  }
  beliefs.push(...constrained);
  if (evidence.failed.length >= FEWEST_FAILURES) beliefs.push(...failureBeliefs(features, evidence, centre, options));
  return { beliefs, objective };
}

function objectiveModel(
  features: Features,
  { known, failed, pending }: Evidence,
  options: ModelOptions,
): (ObjectiveModel & { readonly unit: number; readonly centre: Float64Array }) | null {
  const raw = objectiveSample(features, known);
  if (raw === null) return null;
  const first = (k: number) => objectiveSample(features, known.slice(0, k)) ?? raw;
  const fit = fitOf('objective', features, known, first, options);
  const { weights } = fit.hyperparameters;
  const { values, invert, deviation } = warp(fit.warp, raw.values);
  const excesses = raw.groups.map(excessOf);
  const order = bestFirst(values, excesses);
  const centre = raw.groups[order[0] ?? 0]?.[0]?.row ?? new Float64Array(features.width);
  const kept = keptRows(raw, {
    atFit: () => first(scheduledFit(known.length)),
    ranked: (atFit) => bestFirst(atFit.values, atFit.groups.map(excessOf)),
    weights,
    centre,
  });
  const worst = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const failures = thinned(tableOf(features, failed), weights, centre, [], MOST_FAILED);
  const table = joined(raw.table, kept, [...failures.map((i) => failed[i] as Valueless), ...pending]);
  // A failure stands at the worst that was seen: nothing better is known to be wrong with it.
  const targets = Float64Array.from([...kept.map((i) => values[i] as number), ...failures.map(() => worst)]);
  // What is pending is imagined without noise: else a second trial at the same place would seem worth its while.
  const shares = Float64Array.from({ length: table.count }, (_, i) =>
    i < kept.length ? (raw.noiseShare[kept[i] as number] as number) : i < targets.length ? 1 : 0,
  );
  const surrogate = createSurrogate(table, targets, shares, fit.hyperparameters, 'objective');
  if (surrogate === null) return null;

  const observed = values[order[0] ?? 0] ?? 0;
  const { signal, noise } = fit.hyperparameters;
  const isLuck = !options.isNoiseCounted && noise / (signal + noise) > NOISY;
  const isAsFeasible = (i: number) => (excesses[i] === 0) === (excesses[order[0] ?? 0] === 0);
  const best = isLuck ? lowestMean(surrogate, targets, shares, kept, isAsFeasible) : observed;
  const ranked = order.flatMap((i) => raw.groups[i]?.[0]?.point ?? []);
  return { surrogate, hyperparameters: fit.hyperparameters, best, invert, ranked, centre, unit: deviation || 1 };
}

/** The fit on the schedule; `first` gives the sample of the first so many. */
function fitOf(
  what: string,
  { numeric }: Features,
  known: readonly Known[],
  first: (k: number) => RawSample,
  options: FitOptions,
): Fit {
  const growing = {
    prefix: first,
    nameOf: (k: number) => `${what} ${numeric} ${contentHash(known.slice(0, k).map(numbersOf))}`,
  };
  return fitAt(scheduledFit(known.length), growing, options);
}

function numbersOf({ row, source, value, constraints }: Known): readonly number[] {
  return [...row, value, source === 'VALUE' ? 0 : source === 'PRUNED' ? 1 : 2, ...constraints];
}

function constraintBeliefs(
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
    const plain: FitOptions = { ...options, warps: ['identity'], isHighTelling: true };
    const name = `constraint ${k}`;
    const { hyperparameters } = fitOf(name, features, told, first, plain);
    const { values, mean, deviation } = warp('identity', raw.values);
    if (deviation === 0) return [];
    const atFit = () => first(scheduledFit(told.length));
    const kept = keptRows(raw, { atFit, ranked: aboveZero, weights: hyperparameters.weights, centre });
    const table = joined(raw.table, kept, pending);
    const shares = Float64Array.from({ length: table.count }, (_, i) => raw.noiseShare[kept[i] ?? -1] ?? 1);
    const surrogate = createSurrogate(table, picked(values, kept), shares, hyperparameters, name);
    return surrogate === null ? [] : [constraintBelief(surrogate, -mean / deviation)];
  }).flat();
}

function failureBeliefs(
  features: Features,
  { outcomes }: Evidence,
  centre: Float64Array,
  options: FitOptions,
): readonly Belief[] {
  const raw = failureSample(features, outcomes);
  const first = (m: number) => failureSample(features, outcomes.slice(0, m));
  const plain: FitOptions = { ...options, warps: ['identity'], isHighTelling: true };
  const { hyperparameters } = fitOf('failure', features, outcomes, first, plain);
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

/** The rows where a constraint was violated, or a trial failed, the newest first. */
function aboveZero({ values }: RawSample): readonly number[] {
  return [...values.keys()].filter((i) => (values[i] as number) > 0).reverse();
}

/** Rows by value, the best first, those that satisfy the constraints before others. */
function bestFirst(values: Float64Array, excesses: readonly number[]): readonly number[] {
  return [...values.keys()].sort(
    (a, b) =>
      (excesses[a] as number) - (excesses[b] as number) || (values[a] as number) - (values[b] as number) || a - b,
  );
}

function picked(values: Float64Array, kept: readonly number[]): Float64Array {
  return Float64Array.from(kept, (i) => values[i] as number);
}

function tableOf({ width, numeric }: Features, some: readonly Valueless[]): Table {
  return joined({ rows: new Float64Array(0), count: 0, width, numeric }, [], some);
}

/** The chosen rows of a table, then some more. */
function joined(table: Table, kept: readonly number[], more: readonly Valueless[]): Table {
  const { width } = table;
  const rows = new Float64Array((kept.length + more.length) * width);
  kept.forEach((i, at) => {
    rows.set(table.rows.subarray(i * width, (i + 1) * width), at * width);
  });
  more.forEach(({ row }, at) => {
    rows.set(row, (kept.length + at) * width);
  });
  return { ...table, rows, count: kept.length + more.length };
}

/** Normal draws for what is pending, each with its mirror image; a single world without surprises when nothing is. */
function fantasies(pending: number, rng: Rng): readonly Float64Array[] {
  if (pending === 0) return [new Float64Array(0)];
  const draws = rng.fork('fantasies');
  return Array.from({ length: WORLDS / 2 }, () =>
    Float64Array.from({ length: pending }, () => inverseLowerMass(Math.max(1e-12, draws.next()))),
  ).flatMap((world) => [world, world.map((draw) => -draw)]);
}

/** The least posterior mean at the allowed rows: a value less the noise that the model sees in it. */
function lowestMean(
  { whitened, factor, hyperparameters }: Surrogate,
  targets: Float64Array,
  shares: Float64Array,
  kept: readonly number[],
  isAllowed: (i: number) => boolean,
): number {
  const solved = whitened.slice();
  solveBackward({ ...factor, size: solved.length }, solved);
  let lowest = Infinity;
  kept.forEach((i, at) => {
    if (!isAllowed(i)) return;
    const noise = hyperparameters.noise * (shares[at] as number) + LEAST_NOISE;
    lowest = Math.min(lowest, (targets[at] as number) - noise * (solved[at] as number));
  });
  return lowest;
}

function isFeasible({ constraints }: Known): boolean {
  return constraints.every((excess) => excess <= 0);
}

/** The largest sum of excesses over constraints among replicates: 0 when all are feasible. */
function excessOf(group: readonly Known[]): number {
  const sums = group.map(({ constraints }) =>
    constraints.reduce((sum, c) => sum + (c > 0 ? c : c <= 0 ? 0 : Infinity), 0),
  );
  return Math.min(Number.MAX_VALUE, Math.max(...sums));
}
