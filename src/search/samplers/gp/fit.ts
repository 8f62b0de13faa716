/** Hyperparameters of greatest posterior density, and which warp of the values suits them best. */

import { minimiseInBox } from '../../math/minimise-in-box.js';
import type { Hyperparameters, Table } from './kernel.js';
import { fromLogs, type LogHyperparameters, posteriorCost, type Sample } from './posterior-cost.js';
import { CATEGORICAL_BOUNDS, NOISE_BOUNDS, NUMERIC_BOUNDS, SIGNAL_BOUNDS } from './prior.js';
import type { RawSample } from './sample.js';
import { milestoneUpTo } from './schedule.js';
import { type WarpKind, warp } from './warp.js';
import { orderScore } from './warp-choice.js';

/** More rows than this are thinned: hyperparameters need fewer than predictions do, and a choice of four fewer still. */
const MOST_ROWS = 300;
const MOST_ROWS_OF_CHOICE = 150;
const MOST_EVALUATIONS = 40;
/** The warp while there are too few rows to choose one. */
const FIRST_WARP: WarpKind = 'yeo-johnson';
const FEWEST_TO_CHOOSE = 8;
/** Mean log probability of an order by which another warp must be better. */
const INCUMBENCY = 0.02;
/** From so many values on, a fresh start is from the fit before and from nowhere, no longer from short lengths too. */
const MANY = 100;

export interface Fit {
  readonly warp: WarpKind;
  readonly hyperparameters: Hyperparameters;
  readonly logs: LogHyperparameters;
}

export interface FitOptions {
  /** Among which the best is chosen. */
  readonly warps: readonly WarpKind[];
  /** Values have no noise. */
  readonly isDeterministic: boolean;
  /** High values say most, not low ones: of a constraint those that violate it, of failures the failures. */
  readonly isHighTelling?: boolean;
}

/** A sequence of evidence that is fitted as it grows. */
export interface Growing {
  /** The sample of the first k. */
  readonly prefix: (k: number) => RawSample;
  /** All that the first k depend on, in order, as a name. */
  readonly nameOf: (k: number) => string;
}

/**
 * The fit that belongs to the first m. At a milestone it starts afresh and chooses the warp; between them it goes on from the
 * milestone, so that any server reaches it in a few steps.
 */
export function fitAt(m: number, growing: Growing, options: FitOptions): Fit {
  const name = `${m} ${options.warps.join()} ${options.isDeterministic} ${growing.nameOf(m)}`;
  const known = FITS.get(name);
  if (known !== undefined) {
    // The last to be forgotten now: what begins long chains, as milestones do, is asked for again and again.
    FITS.delete(name);
    FITS.set(name, known);
    return known;
  }

  const milestone = milestoneUpTo(m);
  const fit =
    milestone < m
      ? goOn(growing.prefix(m), fitAt(milestone, growing, options), options)
      : startAfresh(m, growing, options);
  if (FITS.size >= MOST_FITS) FITS.delete(FITS.keys().next().value ?? '');
  FITS.set(name, fit);
  return fit;
}

/** Memo of `fitAt`, by what was read; the longest unused goes first. */
const FITS = new Map<string, Fit>();
const MOST_FITS = 256;

function goOn(raw: RawSample, { warp: kind, logs }: Fit, options: FitOptions): Fit {
  const sample = thinned(raw, kind, MOST_ROWS, options);
  return fitFrom(sample, kind, [logs], options);
}

function startAfresh(m: number, growing: Growing, options: FitOptions): Fit {
  const raw = growing.prefix(m);
  const before = m > 1 ? fitAt(milestoneUpTo(m - 1), growing, options) : null;
  const starts = [ones(raw.table.width)];
  if (before !== null) starts.unshift(before.logs);
  const [single = 'identity'] = options.warps;
  const usual = options.warps.includes(FIRST_WARP) ? FIRST_WARP : single;
  let best: WarpKind = before?.warp ?? usual;
  if (options.warps.length > 1 && raw.table.count >= FEWEST_TO_CHOOSE) {
    let bestScore = -Infinity;
    for (const kind of options.warps) {
      const sample = thinned(raw, kind, MOST_ROWS_OF_CHOICE, options);
      const fit = fitFrom(sample, kind, m < MANY ? starts : starts.slice(0, 1), options);
      // Whoever is in office stays unless another is clearly better: changing one's mind costs more than a slightly worse model.
      const score = orderScore(sample, fit.hyperparameters) + (kind === before?.warp ? INCUMBENCY : 0);
      if (score > bestScore) [best, bestScore] = [kind, score];
    }
  }
  if (m < MANY) starts.push(otherLengths(raw.table.width));
  return fitFrom(thinned(raw, best, MOST_ROWS, options), best, starts, options);
}

function fitFrom(
  sample: Sample,
  kind: WarpKind,
  starts: readonly LogHyperparameters[],
  { isDeterministic }: FitOptions,
): Fit {
  const [lower, upper] = bounds(sample.table, isDeterministic);
  let best: { x: Float64Array; value: number } | null = null;
  for (const start of starts) {
    const inside = start.map((log, j) => Math.min(upper[j] as number, Math.max(lower[j] as number, log)));
    const found = minimiseInBox({
      start: inside,
      lower,
      upper,
      evaluate: (logs, gradient) => posteriorCost(sample, logs, gradient),
      mostEvaluations: MOST_EVALUATIONS,
      firstMove: 0.5,
      gradientTolerance: 1e-2,
      valueTolerance: 1e-3,
    });
    if (best === null || found.value < best.value) best = found;
  }
  const logs = best?.x ?? ones(sample.table.width);
  return { warp: kind, logs, hyperparameters: fromLogs(logs) };
}

/** Where the likeliest lengths may lie beside 1: shorter ones of few columns, longer ones of many. */
function otherLengths(width: number): LogHyperparameters {
  const logs = ones(width);
  return logs.fill(width <= 8 ? 2 : -Math.log(width), 0, width);
}

/** Unit weights and signal, a hundredth of noise. */
function ones(width: number): LogHyperparameters {
  const logs = new Float64Array(width + 2);
  logs[width + 1] = Math.log(1e-2);
  return logs;
}

function bounds({ width, numeric }: Table, isDeterministic: boolean): readonly [Float64Array, Float64Array] {
  const side = (end: 0 | 1) =>
    Float64Array.from({ length: width + 2 }, (_, j) => {
      if (j < width) return Math.log((j < numeric ? NUMERIC_BOUNDS : CATEGORICAL_BOUNDS)[end]);
      if (j === width) return Math.log(SIGNAL_BOUNDS[end]);
      return Math.log(NOISE_BOUNDS[isDeterministic ? 0 : end]);
    });
  return [side(0), side(1)];
}

/** Warped over all values; of more than `most` rows a third each: the most telling, the newest, and the others evenly. */
function thinned(
  { table, values, noiseShare }: RawSample,
  kind: WarpKind,
  most: number,
  { isHighTelling = false }: FitOptions,
): Sample {
  const warped = warp(kind, values).values;
  const { count, width } = table;
  if (count <= most) return { table, values: warped, noiseShare };

  const third = most / 3;
  const kept = new Set<number>();
  for (let i = count - third; i < count; i++) kept.add(i);
  const sign = isHighTelling ? -1 : 1;
  const byValue = [...values.keys()].sort((a, b) => sign * ((values[a] as number) - (values[b] as number)) || a - b);
  for (const i of byValue.slice(0, third)) kept.add(i);
  const rest = [...values.keys()].filter((i) => !kept.has(i));
  const room = most - kept.size;
  for (let k = 0; k < room; k++) kept.add(rest[Math.floor((k * rest.length) / room)] ?? 0);

  const chosen = [...kept].sort((a, b) => a - b);
  const rows = new Float64Array(chosen.length * width);
  chosen.forEach((i, at) => {
    rows.set(table.rows.subarray(i * width, (i + 1) * width), at * width);
  });
  return {
    table: { ...table, rows, count: chosen.length },
    values: Float64Array.from(chosen, (i) => warped[i] as number),
    noiseShare: Float64Array.from(chosen, (i) => noiseShare[i] as number),
  };
}
