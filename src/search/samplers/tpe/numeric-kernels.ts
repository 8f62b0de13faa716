/** Kernels over a numeric parameter: normals truncated to [0, 1], with masses of cells where values lie on a grid. */

import type { Codec } from '../../columns/codec.js';
import { inverseLowerMass, logDensity, logMass, lowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';
import { unitOrder } from '../../math/unit-order.js';
import { cellEdges } from '../../space/unit.js';
import type { DearKernels, Kernels, QuickKernels } from './kernels.js';

/** Cells narrower than a tenth of the narrowest kernel are scored by density: the error is below 1e-3, alike in l and g. */
const NARROW = 1e-3;
/** Beyond so many deviations a tail is below half an ulp of 1. */
const NO_TAIL = 8.3;
/** At least this much of a kernel lies inside [0, 1]: its mean does, and its deviation is at most 1. */
const LEAST_INSIDE = 0.34;

/**
 * Kernel k is normal around observation k with the bandwidth of `bandwidths`; the prior has mean 1/2 and sd 1. `column`: u of
 * the observations in age order, [m]. O(m) to make; constants and masses are worked out when first asked for.
 * @source Bergstra et al. 2011, section 4.2; Watanabe arXiv:2304.11127, section 3.3.
 */
export function numericKernels(codec: Codec, column: Float64Array, considerEndpoints: boolean): Kernels {
  const m = column.length;
  const count = m + 1;
  const order = unitOrder(column);
  const means = new Float64Array(count); // [m + 1]
  const deviations = new Float64Array(count);
  means.set(column);
  deviations.set(bandwidths(column, considerEndpoints, order));
  means[m] = 0.5;
  deviations[m] = 1;

  const isGrid = codec.levels < Infinity;
  const draw = (kernel: number, rng: Rng) => {
    const u = drawTruncated(means[kernel] ?? 0.5, deviations[kernel] ?? 1, rng);
    return isGrid ? codec.pointOf(codec.valueAt(u)) : u;
  };
  if (!isGrid) return { isQuick: true, count, draw, ...densityKernels(means, deviations) };
  return { isQuick: false, count, draw, ...massKernels(codec, means, deviations, alike(means, deviations, order)) };
}

/**
 * The larger of the gaps to both neighbours, the ends of [0, 1] counting as neighbours, clipped to
 * [1/min(100, 1 + M), 1], M = m + 1. Without `considerEndpoints`, of several observations the lowest and the highest use their
 * inner gap only. Of equals the oldest stands leftmost. `order`: of `unitOrder`. [m]
 */
export function bandwidths(column: Float64Array, considerEndpoints: boolean, order = unitOrder(column)): Float64Array {
  const m = column.length;
  const isInner = considerEndpoints || m < 2;
  const narrowest = 1 / Math.min(100, 2 + m);
  const widths = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const k = order[i] as number;
    const u = column[k] as number;
    const left = i > 0 ? u - (column[order[i - 1] as number] as number) : isInner ? u : 0;
    const right = i < m - 1 ? (column[order[i + 1] as number] as number) - u : isInner ? 1 - u : 0;
    widths[k] = Math.min(1, Math.max(narrowest, left, right));
  }
  return widths;
}

function densityKernels(
  means: Float64Array,
  deviations: Float64Array,
): Pick<QuickKernels, 'constants' | 'logAt' | 'add'> {
  const narrowness = deviations.map((deviation) => 1 / deviation);
  const constants = deviations.map((deviation, k) => logScale(means[k] as number, deviation));
  return {
    constants,
    logAt: (point, k) => {
      const z = (point - (means[k] as number)) * (narrowness[k] as number);
      return (constants[k] as number) - 0.5 * z * z;
    },
    add: (point, logs) => {
      for (let k = 0; k < logs.length; k++) {
        const z = (point - (means[k] as number)) * (narrowness[k] as number);
        logs[k] = (logs[k] as number) - 0.5 * z * z;
      }
    },
  };
}

/** Not worked out yet. */
const UNKNOWN = Infinity;

/** What is known of the kernels in one cell. */
interface Cell {
  readonly point: number;
  readonly level: number;
  readonly edges: readonly [number, number];
  readonly isNarrow: boolean;
  /** ln of the masses; of the densities in narrow cells. [leaders] */
  readonly masses: Float64Array;
  isComplete: boolean;
}

function massKernels(
  codec: Codec,
  means: Float64Array,
  deviations: Float64Array,
  { leaders, twins }: Alike,
): Pick<DearKernels, 'ceiling' | 'logAt' | 'add' | 'addAll'> {
  const rows = leaders.map((k) => massesOf(codec, means[k] as number, deviations[k] as number)); // [leaders][levels]
  const cells = new Map<number, Cell>(); // by point: candidates on a grid repeat themselves
  const cellAt = (point: number) => {
    const known = cells.get(point);
    if (known !== undefined) return known;
    const edges = cellEdges(codec.parameter, codec.valueAt(point)) ?? [0, 1];
    const isNarrow = edges[1] - edges[0] < NARROW;
    const masses = new Float64Array(leaders.length).fill(UNKNOWN);
    const cell = { point, level: codec.levelAt(point), edges, isNarrow, masses, isComplete: false };
    cells.set(point, cell);
    return cell;
  };
  const massOf = (cell: Cell, leader: number) => {
    const row = rows[leader] ?? null;
    let mass = row === null ? UNKNOWN : (row[cell.level] as number);
    if (mass === UNKNOWN) {
      const k = leaders[leader] as number;
      mass = logInCell(cell, means[k] as number, deviations[k] as number);
      if (row !== null) row[cell.level] = mass;
    }
    cell.masses[leader] = mass;
    return mass;
  };
  return {
    // Masses are below 1; densities in narrow cells are not.
    ceiling: logDensity(0) - Math.log(narrowestOf(deviations) * LEAST_INSIDE),
    logAt: (point, k) => massOf(cellAt(point), twins[k] as number),
    add: (point, { kernels, logs }, alive, floor) => {
      const cell = cellAt(point);
      const { masses } = cell;
      let left = 0;
      for (let i = 0; i < alive; i++) {
        const k = kernels[i] as number;
        const leader = twins[k] as number;
        const mass = masses[leader] as number;
        const log = (logs[i] as number) + (mass === UNKNOWN ? massOf(cell, leader) : mass);
        if (log < floor) continue;
        kernels[left] = k;
        logs[left] = log;
        left += 1;
      }
      return left;
    },
    addAll: (point, logs) => {
      const cell = cellAt(point);
      const { masses } = cell;
      for (let i = 0; i < masses.length && !cell.isComplete; i++) if (masses[i] === UNKNOWN) massOf(cell, i);
      cell.isComplete = true;
      for (let k = 0; k < logs.length; k++) logs[k] = (logs[k] as number) + (masses[twins[k] as number] as number);
    },
  };
}

/** ln of a kernel's mass in a cell; of its density in a narrow one. */
function logInCell({ point, edges, isNarrow }: Cell, mean: number, deviation: number): number {
  if (isNarrow) return logTruncated(point, mean, deviation);
  return cellMass(edges, mean, deviation) - Math.log(massInside(mean, deviation));
}

/** Grids with more levels are not remembered, and of a grid only so many numbers. */
const MOST_LEVELS = 1_000;
const MOST_NUMBERS = 100_000;

/** What was worked out for earlier proposals: by deviation and mean of the kernel, by level of the cell. */
interface Remembered {
  numbers: number;
  readonly rows: Map<number, Map<number, Float64Array>>;
}

const MASSES = new WeakMap<Codec, Remembered>();

/** The masses of a kernel as far as they were ever asked for, to be added to. [levels], or null for too many levels. */
function massesOf(codec: Codec, mean: number, deviation: number): Float64Array | null {
  if (codec.levels > MOST_LEVELS) return null;
  const known = MASSES.get(codec) ?? { numbers: 0, rows: new Map<number, Map<number, Float64Array>>() };
  MASSES.set(codec, known);
  const ofDeviation = known.rows.get(deviation);
  const found = ofDeviation?.get(mean);
  if (found !== undefined) return found;

  if (known.numbers > MOST_NUMBERS) {
    known.rows.clear();
    known.numbers = 0;
  }
  const row = new Float64Array(codec.levels).fill(UNKNOWN);
  const rows = known.rows.get(deviation) ?? new Map<number, Float64Array>();
  known.rows.set(deviation, rows.set(mean, row));
  known.numbers += codec.levels;
  return row;
}

function narrowestOf(deviations: Float64Array): number {
  let narrowest = 1;
  for (const deviation of deviations) if (deviation < narrowest) narrowest = deviation;
  return narrowest;
}

/** ln of the density of a truncated normal. */
function logTruncated(point: number, mean: number, deviation: number): number {
  const z = (point - mean) / deviation;
  return logScale(mean, deviation) - 0.5 * z * z;
}

/** ln of what stands before the exponential in the density of a truncated normal. */
function logScale(mean: number, deviation: number): number {
  return logDensity(0) - Math.log(deviation * massInside(mean, deviation));
}

function drawTruncated(mean: number, deviation: number, rng: Rng): number {
  const below = lowerMass(-mean / deviation);
  const p = below + rng.next() * (lowerMass((1 - mean) / deviation) - below);
  return Math.min(1, Math.max(0, mean + deviation * inverseLowerMass(p)));
}

/** Mass of a normal in [0, 1]. */
function massInside(mean: number, deviation: number): number {
  const left = mean / deviation;
  const right = (1 - mean) / deviation;
  if (left > NO_TAIL && right > NO_TAIL) return 1;
  return lowerMass(right) - lowerMass(-left);
}

/** ln of a kernel's mass in a cell; beyond 30 deviations, where the prior outweighs it, to leading order. */
function cellMass([low, high]: readonly [number, number], mean: number, deviation: number): number {
  const a = (low - mean) / deviation;
  const b = (high - mean) / deviation;
  const nearer = Math.max(a, -b);
  return nearer > 30 ? logDensity(nearer) - Math.log(nearer) : logMass(a, b);
}

/** Kernels with the same mean and deviation, whose masses are computed once. */
interface Alike {
  /** The first kernel of each kind. */
  readonly leaders: readonly number[];
  /** For each kernel the index of its leader among `leaders`. [m + 1] */
  readonly twins: Uint32Array;
}

function alike(means: Float64Array, deviations: Float64Array, order: Uint32Array): Alike {
  const leaders: number[] = [];
  const twins = new Uint32Array(means.length);
  let since = 0; // leaders from here on share the mean at hand
  for (let i = 0; i < order.length; i++) {
    const k = order[i] as number;
    if (i > 0 && means[order[i - 1] as number] !== means[k]) since = leaders.length;
    let leader = since;
    while (leader < leaders.length && deviations[leaders[leader] as number] !== deviations[k]) leader += 1;
    if (leader === leaders.length) leaders.push(k);
    twins[k] = leader;
  }
  const prior = order.length;
  twins[prior] = leaders.push(prior) - 1;
  return { leaders, twins };
}
