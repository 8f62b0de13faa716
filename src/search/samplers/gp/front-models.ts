/** The models behind one proposal for several objectives: a process for each, and the front they have reached. */

import { crowdingDistances } from '../../math/crowding.js';
import { frontsOf, type Values } from '../../math/fronts.js';
import { logHypervolumeImprovementOf } from '../../math/log-hypervolume-improvement.js';
import { nonDominatedBoxes } from '../../math/non-dominated-boxes.js';
import type { Rng } from '../../math/rng.js';
import { type Acquisition, acquisitionOf, sumOf } from './acquisition.js';
import { pendingValues } from './belief.js';
import { type Evidence, type Known, ofObjective } from './evidence.js';
import type { Features } from './features.js';
import type { FitOptions } from './fit.js';
import { type FrontWorld, frontAcquisition } from './front-acquisition.js';
import { constraintBeliefs, failureBeliefs } from './limit-beliefs.js';
import { feasibleAmong, type ObjectiveModel, objectiveModel, type Role, smoothValues } from './objective-model.js';
import { inFlight, picked } from './rows.js';
import type { WarpKind } from './warp.js';
import { drawWorlds } from './worlds.js';

/** Objectives whose front is measured at once: the boxes below longer vectors are too many. */
const MOST_MEASURED = 3;
/**
 * Warps among which one is chosen: they keep the shape of the better half, where the front lies, since volumes weigh what is
 * bent out of shape wrongly.
 */
const SHAPELY: readonly WarpKind[] = ['identity', 'half-rank'];
/** Boxes over all worlds: as many worlds as these allow, at most so many. */
const MOST_BOXES = 256;
const MOST_WORLDS = 16;
/** The reference lies this share of what was seen beyond the worst of it. */
const BEYOND = 0.1;
/** Rows that are ranked for their front, of many. */
const MOST_RANKED = 125;

export interface FrontModels {
  readonly acquisition: Acquisition;
  /** Of the objectives that are measured; none when nothing has a value. */
  readonly objectives: readonly ObjectiveModel[];
  /** Points of the front, those that stand most alone first. */
  readonly points: readonly Float64Array[];
  /** Warped vectors of the front, as the points. */
  readonly front: readonly Values[];
}

export interface FrontOptions extends FitOptions {
  /** As of one objective. */
  readonly isNoiseCounted: boolean;
}

/** Fits and conditions all that the next proposal needs; null when nothing is known that could say anything. */
export function frontModelsOf(
  features: Features,
  given: Evidence,
  count: number,
  options: FrontOptions,
  rng: Rng,
): FrontModels | null {
  const even = new Float64Array(features.width).fill(1);
  const last = given.outcomes.at(-1)?.row ?? new Float64Array(features.width);
  // Once for all objectives: their worlds are about the same points.
  const evidence = { ...given, pending: inFlight(features, given.pending, even, last) };
  const measured = measuredObjectives(count, rng);
  const shapely = options.warps.filter((kind) => SHAPELY.includes(kind));
  const fits = { ...options, warps: shapely.length > 0 ? shapely : options.warps };
  const objectives = measured.flatMap((o) => {
    const known = ofObjective(evidence.known, o);
    return objectiveModel(features, { ...evidence, known }, fits, roleOf(o, measured)) ?? [];
  });
  const isWhole = objectives.length === measured.length;
  const centre = objectives[0]?.centre ?? last;
  const constrained = constraintBeliefs(features, evidence, centre, options);
  const hasFeasible = constrained.length === 0 || evidence.known.some(feasibleAmong(evidence.known));
  const limits = [...constrained, ...failureBeliefs(features, evidence, centre, options)];
  const parts = limits.length > 0 ? [acquisitionOf(limits, features.width)] : [];
  const { front, points, reference } = frontOf(isWhole ? objectives : [], options.isNoiseCounted);
  if (isWhole && hasFeasible) {
    const surrogates = objectives.map(({ surrogate }) => surrogate);
    const noises = objectives.map(({ hyperparameters }) => (options.isNoiseCounted ? hyperparameters.noise : 0));
    const worlds = worldsOf(objectives, front, reference, rng);
    parts.unshift(frontAcquisition(surrogates, noises, worlds, features.width));
  }
  if (parts.length === 0) return null;
  return { acquisition: sumOf(parts), objectives: isWhole ? objectives : [], points, front };
}

/** All objectives, or some of very many, drawn anew for every trial. */
function measuredObjectives(count: number, rng: Rng): readonly number[] {
  const left = Array.from({ length: count }, (_, o) => o);
  const draws = rng.fork('objectives');
  while (left.length > MOST_MEASURED) left.splice(Math.floor(draws.next() * left.length), 1);
  return left;
}

/** Groups by front, feasible and complete ones before others. */
function roleOf(o: number, measured: readonly number[]): Role {
  return {
    name: `objective ${o}`,
    order: ({ groups }, excesses) => {
      const all = groups.map((_, i) => i);
      const counting = all.filter((i) => excesses[i] === 0 && (groups[i] ?? []).some(isComplete));
      const vectors = counting.map((i) => meanVector(groups[i] ?? [], measured));
      const ranked = frontsOf(vectors, MOST_RANKED)
        .flat()
        .map((at) => counting[at] as number);
      const known = new Set(ranked);
      const rest = all.filter((i) => !known.has(i));
      return [...ranked, ...rest.sort((a, b) => (excesses[a] as number) - (excesses[b] as number) || a - b)];
    },
  };
}

function meanVector(group: readonly Known[], measured: readonly number[]): Values {
  const complete = group.filter(isComplete);
  return measured.map((o) => complete.reduce((sum, { vector }) => sum + (vector?.[o] ?? 0) / complete.length, 0));
}

function isComplete({ source }: Known): boolean {
  return source === 'VALUE';
}

interface Front {
  readonly front: readonly Values[];
  readonly points: readonly Float64Array[];
  readonly reference: Values;
}

/**
 * The front of what was observed, feasible and complete, in warped units. Without noise of their own, values are what the model
 * believes of them: else the same place would promise to be better than it was for ever.
 */
function frontOf(objectives: readonly ObjectiveModel[], isNoiseCounted: boolean): Front {
  const groups = objectives[0]?.groups ?? [];
  const excesses = objectives[0]?.excesses ?? [];
  const columns = objectives.map((model) => (isNoiseCounted ? model.values : smoothValues(model)));
  const vectorOf = (i: number) => columns.map((column) => column[i] as number);
  const counting = groups.flatMap((group, i) => (excesses[i] === 0 && group.some(isComplete) ? [i] : []));
  const [first = []] = frontsOf(counting.map(vectorOf), 1);
  const members = first.map((at) => counting[at] as number);
  const alone = crowdingDistances(members.map(vectorOf));
  const order = [...members.keys()].sort((a, b) => {
    const [gapA, gapB] = [alone[a] as number, alone[b] as number];
    return gapA === gapB ? a - b : gapB > gapA ? 1 : -1;
  });
  const sorted = order.map((at) => members[at] as number);
  const reference = beyond(columns.map((column) => (counting.length > 0 ? picked(column, counting) : column)));
  return { front: sorted.map(vectorOf), points: sorted.flatMap((i) => groups[i]?.[0]?.point ?? []), reference };
}

/**
 * What has to be beaten in every objective to count: a little worse than the worst that was seen. One nearer to the front would
 * keep the search to the part of it that is known.
 */
function beyond(columns: readonly Float64Array[]): Values {
  return columns.map((column) => {
    const low = column.reduce((a, b) => Math.min(a, b), Infinity);
    const high = column.reduce((a, b) => Math.max(a, b), -Infinity);
    return high + BEYOND * (high - low || 1);
  });
}

function worldsOf(
  objectives: readonly ObjectiveModel[],
  front: readonly Values[],
  reference: Values,
  rng: Rng,
): readonly FrontWorld[] {
  const surrogates = objectives.map(({ surrogate }) => surrogate);
  const [first] = surrogates;
  const pending = first === undefined ? 0 : first.factor.size - first.whitened.length;
  const boxes = (surrogates.length - 1) * (front.length + pending) + 1;
  const count = 2 * Math.floor(Math.min(MOST_WORLDS, MOST_BOXES / boxes) / 2);
  const draws = surrogates.map((_, o) => drawWorlds(pending, count, rng.fork(`worlds ${o}`)));
  return (draws[0] ?? []).map((_, s) => {
    const own = draws.map((worlds) => worlds[s] as Float64Array); // [m][pending]
    const values = surrogates.map((surrogate, o) => pendingValues(surrogate, own[o] as Float64Array));
    const waiting = Array.from({ length: pending }, (_x, j) => values.map((column) => column[j] as number));
    return {
      draws: own,
      improvement: logHypervolumeImprovementOf(nonDominatedBoxes([...front, ...waiting], reference)),
    };
  });
}
