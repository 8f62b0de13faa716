/**
 * What the Gaussian process expects of the objective along one parameter, or two, the others averaged over the space: drawn next
 * to the points that were observed, never instead of them.
 */

import type { History } from '../history.js';
import { latticePoint, latticeSteps } from '../samplers/gp/candidates.js';
import { type Expectation, expectationOf } from '../samplers/gp/expectation.js';
import { type Axis, paramsAt, placeAt, placeOf, snap, writeRow } from '../samplers/gp/features.js';
import { telling } from './thin-history.js';

export interface PartialDependence {
  /**
   * Where along each parameter: the index of the value where they are few or without order, else in [0, 1]. The same scale as
   * `Axis.points`. [1 or 2][g]
   */
  readonly points: readonly Float64Array[];
  /** In the objective's own unit, averaged on the model's scale; of two parameters row by row, the first one slowest. [g] or [g h] */
  readonly means: Float64Array;
  /** Of that mean, not of single trials: how little the model knows. >= 0. [g] or [g h] */
  readonly deviations: Float64Array;
  /** Trials that it was fitted to. */
  readonly trials: number;
}

/** Trials that a model is fitted to. */
const MOST_TRIALS = 200;
const LEAST_TRIALS = 4;
/** Values of a grid that are all looked at; beyond it, or without a grid, so many places on one axis, or on each of two. */
const MOST_LEVELS = 20;
const PLACES = [25, 15] as const;
/** Choices without order cannot be thinned. */
const MOST_CELLS = 1_000;
/** Points of the space that are averaged over. */
const BACKGROUND = [64, 32] as const;

/**
 * Null with fewer than four completed trials, when the model cannot be made, for a parameter that is fixed or does not exist, for
 * two that are never active together, and for more than a thousand cells. O(n^3) when the model is new, then O(cells n^2).
 * @source Friedman, Annals of Statistics 29 (2001); its deviation: Moosbauer et al. NeurIPS 2021, arXiv:2111.04820, equation (6).
 */
export function partialDependence(
  history: History,
  names: readonly [string] | readonly [string, string],
  objective = 0,
): PartialDependence | null {
  const told = telling(history, objective, MOST_TRIALS);
  if (told.trials.length < LEAST_TRIALS) return null;
  const expectation = expectationOf(told);
  if (expectation === null) return null;
  const { axes } = expectation.features;
  const chosen = names.map((name) => axes.findIndex(({ parameter }) => parameter.name === name));
  if (chosen.includes(-1)) return null;

  const places = chosen.map((a) => placesOn(axes[a] as Axis, PLACES[names.length - 1] ?? 15));
  const cells = places.reduce((product, { length }) => product * length, 1);
  if (cells > MOST_CELLS) return null;
  const background = backgroundOf(expectation, BACKGROUND[names.length - 1] ?? 32);
  const means = new Float64Array(cells);
  const deviations = new Float64Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const at = placesOfCell(places, cell);
    const average = averageAt(expectation, background, chosen, at);
    if (average === null) return null;
    means[cell] = average.mean;
    deviations[cell] = average.deviation;
  }
  const points = places.map((column) => Float64Array.from(column, ({ point }) => point));
  return { points, means, deviations, trials: told.trials.length };
}

interface Place {
  /** As the model has it. */
  readonly place: number;
  /** As charts have it. */
  readonly point: number;
}

function placesOn(axis: Axis, count: number): readonly Place[] {
  if (axis.isUnordered || axis.levels <= MOST_LEVELS) {
    return Array.from({ length: axis.levels }, (_, k) => ({ place: placeOf(axis, k), point: k }));
  }
  const snapped = Array.from({ length: count }, (_, i) => snap(axis, i / (count - 1)));
  return [...new Set(snapped)].map((place) => ({ place, point: place }));
}

/** The places of a cell, the first parameter slowest. */
function placesOfCell(places: readonly (readonly Place[])[], cell: number): readonly number[] {
  const [first = [], second] = places;
  const width = second?.length ?? 1;
  const row = first[Math.floor(cell / width)] as Place;
  return second === undefined ? [row.place] : [row.place, (second[cell % width] as Place).place];
}

/** Points spread evenly over the space, the same ones each time. */
function backgroundOf({ features }: Expectation, count: number): readonly Float64Array[] {
  const { axes } = features;
  const steps = latticeSteps(axes.length);
  const shift = new Float64Array(axes.length).fill(0.5);
  return Array.from({ length: count }, (_, i) =>
    latticePoint(steps, shift, i).map((u, a) => placeAt(axes[a] as Axis, u)),
  );
}

/** The average where the parameters stand at these places and are active; null when they never are. */
function averageAt(
  { features, averageOver }: Expectation,
  background: readonly Float64Array[],
  chosen: readonly number[],
  places: readonly number[],
): { readonly mean: number; readonly deviation: number } | null {
  const names = chosen.map((a) => (features.axes[a] as Axis).parameter.name);
  const rows = new Float64Array(background.length * features.width);
  let count = 0;
  for (const other of background) {
    const point = other.slice();
    chosen.forEach((a, i) => {
      point[a] = places[i] as number;
    });
    if (features.isConditional) {
      const params = paramsAt(features, point);
      if (!names.every((name) => Object.hasOwn(params, name))) continue;
    }
    writeRow(features, point, rows, count * features.width);
    count += 1;
  }
  return count === 0 ? null : averageOver(rows, count);
}
