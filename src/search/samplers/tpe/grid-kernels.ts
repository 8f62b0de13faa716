/** Masses of truncated normals in the cells of a grid: dear, and often asked for again. */

import type { Codec } from '../../columns/codec.js';
import { logDensity, logMass } from '../../math/normal.js';
import { cellEdges } from '../../space/unit.js';
import type { DearKernels } from './kernels.js';
import { logTruncated, massInside } from './truncated-normal.js';

/** Cells narrower than a tenth of the narrowest kernel are scored by density: the error is below 1e-3, alike in l and g. */
const NARROW = 1e-3;
/** At least this much of a kernel lies inside [0, 1]: its mean does, and its deviation is at most 1. */
const LEAST_INSIDE = 0.34;

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

/**
 * Kernels around these means; `order` puts the observations, all but the last kernel, in ascending order. Cells and kernels that
 * an earlier proposal asked about are remembered.
 */
export function gridKernels(
  codec: Codec,
  means: Float64Array,
  deviations: Float64Array,
  order: Uint32Array,
): Pick<DearKernels, 'ceiling' | 'logAt' | 'add' | 'addAll'> {
  const { leaders, twins } = alike(means, deviations, order);
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

/** ln of a kernel's mass in a cell; beyond 30 deviations, where the prior outweighs it, to leading order. */
function cellMass([low, high]: readonly [number, number], mean: number, deviation: number): number {
  const a = (low - mean) / deviation;
  const b = (high - mean) / deviation;
  const nearer = Math.max(a, -b);
  return nearer > 30 ? logDensity(nearer) - Math.log(nearer) : logMass(a, b);
}

function narrowestOf(deviations: Float64Array): number {
  let narrowest = 1;
  for (const deviation of deviations) if (deviation < narrowest) narrowest = deviation;
  return narrowest;
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
