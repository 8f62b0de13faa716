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
  const density = densityKernels(means, deviations);
  const draw = (kernel: number, rng: Rng) => {
    const u = drawTruncated(means[kernel] ?? 0.5, deviations[kernel] ?? 1, rng);
    return isGrid ? codec.pointOf(codec.valueAt(u)) : u;
  };
  if (!isGrid) return { isQuick: true, count, draw, ...density };
  return {
    isQuick: false,
    count,
    draw,
    ...massKernels(codec, means, deviations, alike(means, deviations, order), density),
  };
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

type Density = Pick<QuickKernels, 'constants' | 'logAt' | 'add'>;

function densityKernels(means: Float64Array, deviations: Float64Array): Density {
  const narrowness = deviations.map((deviation) => 1 / deviation);
  const constants = deviations.map(
    (deviation, k) => logDensity(0) - Math.log(deviation * massInside(means[k] as number, deviation)),
  );
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
}

function massKernels(
  codec: Codec,
  means: Float64Array,
  deviations: Float64Array,
  { leaders, twins }: Alike,
  density: Density,
): Pick<DearKernels, 'ceiling' | 'logAt' | 'add'> {
  const insides = new Float64Array(leaders.length).fill(UNKNOWN);
  const levels = new Int32Array(leaders.length).fill(-1);
  const kept = keptMasses(codec);
  const cells = new Map<number, Cell>(); // by point: candidates on a grid repeat themselves
  const cellAt = (point: number) => {
    const known = cells.get(point);
    if (known !== undefined) return known;
    const edges = cellEdges(codec.parameter, codec.valueAt(point)) ?? [0, 1];
    const isNarrow = edges[1] - edges[0] < NARROW;
    const masses = new Float64Array(leaders.length).fill(UNKNOWN);
    const cell = { point, level: codec.levelAt(point), edges, isNarrow, masses };
    cells.set(point, cell);
    return cell;
  };
  const compute = (cell: Cell, leader: number) => {
    const k = leaders[leader] as number;
    const [mean, deviation] = [means[k] as number, deviations[k] as number];
    let inside = insides[leader] as number;
    if (inside === UNKNOWN) {
      inside = Math.log(massInside(mean, deviation));
      insides[leader] = inside;
    }
    return cellMass(cell.edges, mean, deviation) - inside;
  };
  const massOf = (cell: Cell, leader: number) => {
    const k = leaders[leader] as number;
    let mass: number;
    if (cell.isNarrow) mass = density.logAt(cell.point, k);
    else if (deviations[k] !== COMMON || kept === null) mass = compute(cell, leader);
    else {
      if ((levels[leader] as number) < 0) levels[leader] = codec.levelAt(means[k] as number);
      mass = kept(cell.level, levels[leader] as number, () => compute(cell, leader));
    }
    cell.masses[leader] = mass;
    return mass;
  };
  return {
    // Of densities in narrow cells; masses are below 1.
    ceiling: density.constants.reduce((most, constant) => Math.max(most, constant), 0),
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
  };
}

/** The narrowest bandwidth of a hundred observations or more, which most kernels then have. */
const COMMON = 0.01;
const MOST_LEVELS = 1_000;
const MOST_ROWS = 256;
/** By codec and level of the cell, the masses of kernels of the common bandwidth by the level of their mean. */
const MASSES = new WeakMap<Codec, Map<number, Float64Array>>();

/** Masses that were worked out for an earlier proposal; null where there would be too many. */
function keptMasses(codec: Codec): ((cell: number, mean: number, compute: () => number) => number) | null {
  if (codec.levels > MOST_LEVELS) return null;
  const rows = MASSES.get(codec) ?? new Map<number, Float64Array>();
  MASSES.set(codec, rows);
  return (cell, mean, compute) => {
    let row = rows.get(cell);
    if (row === undefined) {
      if (rows.size >= MOST_ROWS) rows.clear();
      row = new Float64Array(codec.levels).fill(UNKNOWN);
      rows.set(cell, row);
    }
    const known = row[mean] as number;
    if (known !== UNKNOWN) return known;
    const mass = compute();
    row[mean] = mass;
    return mass;
  };
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
