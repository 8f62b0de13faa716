/** The model of the objective over parameters and levels, and how good a point is at the highest level. */

import { contentHash } from '../../math/content-hash.js';
import { inverseLowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';
import { objectiveBelief } from '../gp/belief.js';
import type { Evidence, Valueless } from '../gp/evidence.js';
import { type Features, writeRow } from '../gp/features.js';
import { fitAt } from '../gp/fit.js';
import type { Table } from '../gp/kernel.js';
import { type ModelOptions, type Models, modelsOf, type ObjectiveModel } from '../gp/models.js';
import { predict } from '../gp/predict.js';
import { objectiveSample, type RawSample } from '../gp/sample.js';
import { milestoneUpTo, scheduledFit } from '../gp/schedule.js';
import { createSurrogate } from '../gp/surrogate.js';
import { thinned } from '../gp/thin.js';
import { WARPS, warp } from '../gp/warp.js';
import { fidelityColumn } from './fidelity.js';
import type { Result } from './results.js';
import { detrended } from './trend.js';

/** Rows that are modelled at once: there are several to a trial, and a proposal may take some tens of milliseconds. */
const MOST_ROWS = 300;
const MOST_FAILED = 50;
/** Trials in flight that are imagined, the newest; where there are more, the others hold their place by their rungs. */
const MOST_PENDING = 64;
/** Worlds over which those are averaged. */
const WORLDS = 16;
/** Points of whom the model says what they would come to, to find what must be beaten. */
const LEADERS = 32;
/** From so many results on there are fits at milestones only: they come much faster than whole trials do. */
const MANY = 64;

/** What gp takes by default; constraints and failures are modelled by it. */
const OPTIONS: ModelOptions = {
  acquisition: 'ei',
  kappa: 0,
  xi: 0,
  warps: WARPS,
  isNoiseCounted: false,
  isDeterministic: false,
};

/**
 * All that the next proposal needs. What must be beaten is the least that the model expects of any trial at the highest level,
 * whether it has come so far or not. `results` in the order in which they became known, `levels` how many there are.
 */
export function modelsAt(
  features: Features,
  results: readonly Result[],
  levels: number,
  { known, failed, outcomes, pending }: Evidence,
  rng: Rng,
): Models {
  const constrained = known.filter(({ constraints }) => constraints.length > 0);
  const others = modelsOf(features, { known: constrained, failed, outcomes, pending }, OPTIONS, rng);
  const side = others.beliefs.filter(({ surrogate }) => surrogate !== others.objective?.surrogate);
  const hasFeasible = constrained.length === 0 || constrained.some(({ constraints }) => isFeasible(constraints));
  const imagined = pending.slice(-MOST_PENDING);
  const objective = objectiveAt(features, results, levels, failed.slice(-MOST_FAILED), imagined);
  if (objective === null || !hasFeasible) return { beliefs: side, objective };
  const { surrogate, best } = objective;
  const criterion = { kind: 'ei', margin: 0, noise: 0 } as const;
  return {
    beliefs: [objectiveBelief(surrogate, best, worldsOf(imagined.length, rng), criterion), ...side],
    objective,
  };
}

function objectiveAt(
  features: Features,
  results: readonly Result[],
  levels: number,
  failed: readonly Valueless[],
  pending: readonly Valueless[],
): ObjectiveModel | null {
  const sampleOf = (count: number) => objectiveSample(features, detrended(results.slice(0, count), levels));
  const raw = sampleOf(results.length);
  if (raw === null) return null;
  const fit = fitAt(
    results.length < MANY ? scheduledFit(results.length) : milestoneUpTo(results.length),
    { prefix: (count) => sampleOf(count) ?? raw, nameOf: (count) => nameOf(features, results.slice(0, count)) },
    { warps: WARPS, isDeterministic: false },
  );

  const { values, invert } = warp(fit.warp, raw.values);
  const order = highestFirst(features, raw, values);
  const centre = rowAtTop(features, raw.groups[order[0] ?? 0]?.[0]?.point);
  const kept = thinned(raw.table, fit.hyperparameters.weights, centre, order, MOST_ROWS);
  const table = joined(raw.table, kept, [...failed, ...pending]);
  const worst = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const targets = Float64Array.from([...kept.map((i) => values[i] as number), ...failed.map(() => worst)]);
  // What is pending is imagined without noise, as `gp` does.
  const shares = Float64Array.from({ length: table.count }, (_, at) =>
    at < kept.length ? (raw.noiseShare[kept[at] as number] as number) : at < targets.length ? 1 : 0,
  );
  const surrogate = createSurrogate(table, targets, shares, fit.hyperparameters, 'fidelities');
  if (surrogate === null) return null;

  const leaders = leadersOf(raw, values).map((point) => ({
    point,
    mean: predict(surrogate, rowAtTop(features, point)).mean,
  }));
  leaders.sort((a, b) => a.mean - b.mean);
  return {
    surrogate,
    hyperparameters: fit.hyperparameters,
    best: leaders[0]?.mean ?? worst,
    invert,
    ranked: leaders.map(({ point }) => point),
  };
}

/** All that the first results say, as a name. */
function nameOf({ numeric }: Features, results: readonly Result[]): string {
  return `fidelities ${numeric} ${contentHash(results.map(({ row, value, trial, level }) => [...row, value, trial, level]))}`;
}

/** Rows by level, the highest first, then by value. */
function highestFirst(features: Features, { table }: RawSample, values: Float64Array): readonly number[] {
  const placeOf = (i: number) => table.rows[i * table.width + fidelityColumn(features)] as number;
  return [...values.keys()].sort(
    (a, b) => placeOf(b) - placeOf(a) || (values[a] as number) - (values[b] as number) || a - b,
  );
}

/** Different points with the best values at any level; feasible ones, while there are any. */
function leadersOf({ groups }: RawSample, values: Float64Array): readonly Float64Array[] {
  const isAllowed = (i: number) => groups[i]?.every(({ constraints }) => isFeasible(constraints)) ?? false;
  const all = [...values.keys()];
  const allowed = all.some(isAllowed) ? all.filter(isAllowed) : all;
  allowed.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const points = new Map<string, Float64Array>();
  for (const i of allowed) {
    const point = groups[i]?.[0]?.point;
    if (points.size === LEADERS) break;
    if (point !== undefined && !points.has(point.join())) points.set(point.join(), point);
  }
  return [...points.values()];
}

function rowAtTop(features: Features, point: Float64Array | undefined): Float64Array {
  const row = new Float64Array(features.width);
  if (point !== undefined) writeRow(features, point, row, 0);
  return row;
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
function worldsOf(pending: number, rng: Rng): readonly Float64Array[] {
  if (pending === 0) return [new Float64Array(0)];
  const draws = rng.fork('worlds');
  return Array.from({ length: WORLDS / 2 }, () =>
    Float64Array.from({ length: pending }, () => inverseLowerMass(Math.max(1e-12, draws.next()))),
  ).flatMap((world) => [world, world.map((draw) => -draw)]);
}

function isFeasible(constraints: readonly number[]): boolean {
  return constraints.every((excess) => excess <= 0);
}
