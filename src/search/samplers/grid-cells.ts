/** The cells of a grid by number, and which of them are spent. */

import type { HistoryTrial } from '../history.js';
import { type CellIndex, indexCells, type PlacedLevels } from '../space/cell-index.js';
import { levelCount, levelOf, levelsOf } from '../space/levels.js';
import { memoOfSpace } from '../space/memo.js';
import type { Parameter, ParamValue, SearchSpace } from '../space/parameter.js';
import { decode, encode } from '../space/unit.js';
import { isTaken } from '../standing.js';

/** Sets of up to so many cells are bits: 2 MB at most. */
export const MOST_BITS = 2 ** 24;

/** The values of a parameter on the grid: all it has, or `points` evenly spaced in its scale, end points included. */
export function gridLevels(parameter: Parameter, points: number): PlacedLevels {
  const count = levelCount(parameter);
  if (parameter.kind === 'int' && parameter.fixed === undefined) {
    // What `levelOf` does, for grids of a million cells.
    const { low, step } = parameter;
    const of = (value: ParamValue) => {
      const k = typeof value === 'number' ? (value - low) / step : -1;
      return Number.isInteger(k) && k >= 0 && k < count ? k : -1;
    };
    return { ...levelsOf(parameter), of };
  }
  if (count < Infinity) {
    return { ...levelsOf(parameter), of: (value) => levelOf(parameter, value) };
  }
  const at = (k: number) => decode(parameter, k / (points - 1));
  const of = (value: ParamValue) => {
    const k = typeof value === 'number' ? Math.round(encode(parameter, value) * (points - 1)) : -1;
    return k >= 0 && k < points && at(k) === value ? k : -1;
  };
  return { count: points, at, of };
}

/** The numbering of a grid's cells. */
export function gridIndex(space: SearchSpace, points: number): CellIndex {
  const indexes = INDEXES(space);
  const known = indexes.get(points) ?? indexCells(space, (parameter) => gridLevels(parameter, points));
  indexes.set(points, known);
  return known;
}

/** Memo of `gridIndex`, by number of points. */
const INDEXES = memoOfSpace((_: SearchSpace) => new Map<number, CellIndex>());

/** A set of cells by their numbers. */
export interface CellSet {
  readonly has: (cell: number) => boolean;
  readonly add: (cell: number) => void;
  /** How many are in it. */
  readonly count: () => number;
  /** The first cell from `start` on that is not in it; `size` when there is none. */
  readonly firstFree: (start: number) => number;
}

/** The cells that trials have spent. O(n d). */
export function spentCells(index: CellIndex, trials: readonly HistoryTrial[]): CellSet {
  const set = emptyCellSet(index.size);
  for (const trial of trials) {
    const cell = isTaken(trial) ? index.of(trial.params) : -1;
    if (cell >= 0) set.add(cell);
  }
  return set;
}

/** An empty set of cells in [0, size). */
export function emptyCellSet(size: number): CellSet {
  return size <= MOST_BITS ? bitSet(size) : sparseSet(size);
}

function bitSet(size: number): CellSet {
  const words = new Uint32Array(Math.ceil(size / 32));
  let count = 0;
  return {
    has: (cell) => (((words[cell >>> 5] ?? 0) >>> (cell & 31)) & 1) === 1,
    add: (cell) => {
      const [word, bit] = [cell >>> 5, 1 << (cell & 31)];
      if (((words[word] ?? 0) & bit) === 0) count += 1;
      words[word] = (words[word] ?? 0) | bit;
    },
    count: () => count,
    firstFree: (start) => {
      let cell = start;
      while (cell < size) {
        // What is left of this word, ones above.
        const free = ~(words[cell >>> 5] ?? 0) >>> (cell & 31);
        if (free !== 0) return Math.min(size, cell + 31 - Math.clz32(free & -free));
        cell = ((cell >>> 5) + 1) * 32;
      }
      return size;
    },
  };
}

function sparseSet(size: number): CellSet {
  const cells = new Set<number>();
  return {
    has: (cell) => cells.has(cell),
    add: (cell) => cells.add(cell),
    count: () => cells.size,
    firstFree: (start) => {
      let cell = start;
      while (cell < size && cells.has(cell)) cell += 1;
      return cell;
    },
  };
}
