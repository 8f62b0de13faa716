/** Every combination of values, each once. */

import { type History, type HistoryTrial, nextPlace } from '../history.js';
import { hashText } from '../math/hash.js';
import { permute, unpermute } from '../math/permutation.js';
import { SOBOL_DIMENSIONS, sobolPoint } from '../math/sobol.js';
import type { CellIndex } from '../space/cell-index.js';
import { isActive } from '../space/condition.js';
import { isFeasible } from '../space/constraint.js';
import { defaultParams } from '../space/default-params.js';
import { drawOrder } from '../space/draw-order.js';
import { findCell } from '../space/find-cell.js';
import { key } from '../space/key.js';
import { memoOfSpace } from '../space/memo.js';
import type { Params, ParamValue, SearchSpace } from '../space/parameter.js';
import { isTaken } from '../standing.js';
import { type CellSet, emptyCellSet, gridIndex, gridLevels, MOST_BITS, spentCells } from './grid-cells.js';
import { suggested } from './proposal.js';
import { defineSampler } from './sampler.js';

type Order = 'listed' | 'shuffled' | 'lowDiscrepancy';

/**
 * Cells looked at one by one before those that constraints forbid are skipped branch by branch, in the order listed: many
 * where they can be remembered.
 */
const MOST_LOOKS = { remembered: 1_000_000, otherwise: 10_000 } as const;

/**
 * The next cell in the order wanted that is neither finished, pending nor failed by its own fault, whatever was retried, injected
 * by hand or run in parallel: a lost or deleted cell is free again, and only it. The default configuration comes first
 * when it is a cell. O(n d); a grid of more than 2^53 cells is only ever begun, and in the order listed.
 */
export const grid = defineSampler({
  kind: 'grid',
  summary: 'Tries every combination once, in the order declared or shuffled; ends when all are done.',
  source: 'Full factorial designs: Fisher, The design of experiments, 1935',
  options: [
    {
      name: 'points',
      type: 'int',
      default: 10,
      min: 2,
      max: 10_000,
      doc: 'Values of a float that has no step, evenly spaced in its scale, end points included.',
    },
    {
      name: 'order',
      type: 'choice',
      default: 'listed',
      choices: ['listed', 'shuffled', 'lowDiscrepancy'],
      doc: 'As declared, the last parameter fastest; at random; or evenly spread, which covers the grid when it is cut short.',
    },
  ],
  objectives: 'any',
  suggestOne: ({ points, order }, history) => {
    const { space, trials } = history;
    const index = gridIndex(space, points);
    const first = trials.length === 0 ? defaultParams(space) : null;
    if (first !== null && index.of(first) >= 0 && isFeasible(space, first)) return suggested(first, 'DEFAULT');

    if (Number.isSafeInteger(index.size)) return suggested(nextCell(history, index, points, order), 'LISTED');
    // More cells than there are exact numbers.
    const spent = new Set(trials.filter(isTaken).map((trial) => key(trial.params)));
    return suggested(
      firstUnspent(history, points, (params) => spent.has(key(params))),
      'LISTED',
    );
  },
});

function nextCell(history: History, index: CellIndex, points: number, order: Order): Params | null {
  const { space, trials } = history;
  const spent = spentCells(index, trials);
  if (spent.count() >= index.size) return null;
  const forbidden = space.constraints === undefined ? null : forbiddenCells(space, points, index.size);

  // Counted whether or not a cell is known: the answer may not depend on what is remembered.
  let looks = index.size <= MOST_BITS ? MOST_LOOKS.remembered : MOST_LOOKS.otherwise;
  for (const cell of cellsInOrder(history, index, points, spent, order)) {
    if (spent.has(cell)) continue;
    if (forbidden?.has(cell) !== true) {
      const params = index.at(cell);
      if (forbidden === null || isFeasible(space, params)) return params;
      if (index.size <= MOST_BITS) forbidden.add(cell);
    }
    looks -= 1;
    if (looks === 0) return firstUnspent(history, points, (params) => spent.has(index.of(params)));
  }
  return null;
}

/** Cells that are known to break a constraint: what was looked at once is not looked at again. */
function forbiddenCells(space: SearchSpace, points: number, size: number): CellSet {
  const sets = FORBIDDEN(space);
  const known = sets.get(points) ?? emptyCellSet(size);
  sets.set(points, known);
  return known;
}

/** Memo of `forbiddenCells`, by number of points. */
const FORBIDDEN = memoOfSpace((_: SearchSpace) => new Map<number, CellSet>());

/** All cells; those that are spent may be left out. */
function* cellsInOrder(
  history: History,
  index: CellIndex,
  points: number,
  spent: CellSet,
  order: Order,
): Generator<number> {
  const { size } = index;
  const seed = hashText(history.seed);
  if (order === 'shuffled') {
    // On from the last proposal: what was lost or deleted before it comes when the rest is done.
    const last = lastCell(history, index);
    const begin = last < 0 ? 0 : unpermute(last, size, seed) + 1;
    for (let i = 0; i < size; i++) yield permute((begin + i) % size, size, seed);
    return;
  }
  const begin = order === 'listed' ? 0 : sobolCell(history, points, index, seed);
  for (let cell = spent.firstFree(begin); cell < size; cell = spent.firstFree(cell + 1)) yield cell;
  for (let cell = spent.firstFree(0); cell < begin; cell = spent.firstFree(cell + 1)) yield cell;
}

/** The cell of the newest trial that the grid proposed; -1 when there is none. */
function lastCell({ trials }: History, index: CellIndex): number {
  let last: HistoryTrial | null = null;
  for (const trial of trials) if (trial.by === 'grid' && trial.number > (last?.number ?? -1)) last = trial;
  return last === null ? -1 : index.of(last.params);
}

/** The cell that holds the next trial's point of a Sobol sequence. */
function sobolCell(history: History, points: number, index: CellIndex, seed: number): number {
  const place = nextPlace(history);
  const params: Record<string, ParamValue> = {};
  for (const [j, parameter] of drawOrder(history.space).entries()) {
    if (!isActive(parameter, params)) continue;
    const { count, at } = gridLevels(parameter, points);
    params[parameter.name] = at(Math.floor(count * sobolPoint(place, j % SOBOL_DIMENSIONS, seed)));
  }
  return Math.max(0, index.of(params));
}

/** The first in the order listed, found without looking at each. */
function firstUnspent({ space }: History, points: number, isSpent: (params: Params) => boolean): Params | null {
  return findCell(
    space,
    (parameter) => gridLevels(parameter, points),
    (params) => !isSpent(params),
  );
}
