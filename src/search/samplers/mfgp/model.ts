/** The model of the objective over parameters and levels, and how good a point is at the highest level. */

import { contentHash } from '../../math/content-hash.js';
import type { Rng } from '../../math/rng.js';
import { objectiveBelief } from '../gp/belief.js';
import type { Evidence, Valueless } from '../gp/evidence.js';
import { type Features, writeRow } from '../gp/features.js';
import { type FitOptions, fitAt } from '../gp/fit.js';
import { constraintBeliefs, failureBeliefs } from '../gp/limit-beliefs.js';
import { feasibleAmong } from '../gp/objective-model.js';
import type { Grounds } from '../gp/plan.js';
import { predict } from '../gp/predict.js';
import { joined } from '../gp/rows.js';
import { objectiveSample, type RawSample } from '../gp/sample.js';
import { milestoneUpTo, scheduledFit } from '../gp/schedule.js';
import { createSurrogate, type Surrogate } from '../gp/surrogate.js';
import { thinned } from '../gp/thin.js';
import { WARPS, warp } from '../gp/warp.js';
import { drawWorlds } from '../gp/worlds.js';
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

/** What gp takes by default, for constraints and failures. */
const OPTIONS: FitOptions = { warps: WARPS, isDeterministic: false };

/**
 * All that the next proposal needs. What must be beaten is the least that the model expects of any trial at the highest level,
 * whether it has come so far or not. `results` in the order in which they became known, `levels` how many there are.
 */
export function modelsAt(
  features: Features,
  results: readonly Result[],
  levels: number,
  evidence: Evidence,
  rng: Rng,
): Grounds {
  const hasFeasible = evidence.known.length === 0 || evidence.known.some(feasibleAmong(evidence.known));
  const imagined = evidence.pending.slice(-MOST_PENDING);
  const objective = objectiveAt(features, results, levels, evidence.failed.slice(-MOST_FAILED), imagined);
  const best = objective?.best ?? Infinity;
  const leaders = objective?.leaders ?? [];
  const centre = rowAtTop(features, leaders[0]);
  const limits = [
    ...constraintBeliefs(features, evidence, centre, OPTIONS),
    ...failureBeliefs(features, evidence, centre, OPTIONS),
  ];
  if (objective === null || !hasFeasible) return { beliefs: limits, objective, best, leaders };
  const criterion = { kind: 'ei', margin: 0, noise: 0 } as const;
  const worlds = drawWorlds(imagined.length, WORLDS, rng);
  return {
    beliefs: [objectiveBelief(objective.surrogate, best, worlds, criterion), ...limits],
    objective,
    best,
    leaders,
  };
}

/** The process over parameters and levels, and what it says of whole trials. */
interface LevelModel {
  readonly surrogate: Surrogate;
  readonly invert: (z: number) => number;
  /** The least that it expects of any trial at the highest level, warped. */
  readonly best: number;
  /** Points of the trials that it expects most of, the best first. */
  readonly leaders: readonly Float64Array[];
}

function objectiveAt(
  features: Features,
  results: readonly Result[],
  levels: number,
  failed: readonly Valueless[],
  pending: readonly Valueless[],
): LevelModel | null {
  const sampleOf = (count: number) => objectiveSample(features, detrended(results.slice(0, count), levels));
  const raw = sampleOf(results.length);
  if (raw === null) return null;
  const fit = fitAt(
    results.length < MANY ? scheduledFit(results.length) : milestoneUpTo(results.length),
    { prefix: (count) => sampleOf(count) ?? raw, nameOf: (count) => nameOf(features, results.slice(0, count)) },
    OPTIONS,
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
    best: leaders[0]?.mean ?? worst,
    invert,
    leaders: leaders.map(({ point }) => point),
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

/** Different points with the best values at any level; such as are known to be feasible, while there are any. */
function leadersOf({ groups }: RawSample, values: Float64Array): readonly Float64Array[] {
  const isFeasible = feasibleAmong(groups.flat());
  const isAllowed = (i: number) => groups[i]?.every(isFeasible) ?? false;
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
