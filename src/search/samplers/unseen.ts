/** Proposals that are not spent: redraw while that is cheap, list what is free when little is left. */

import type { History } from '../history.js';
import type { Rng } from '../math/rng.js';
import { cells } from '../space/cells.js';
import { findCell } from '../space/find-cell.js';
import { key } from '../space/key.js';
import { levelsOf } from '../space/levels.js';
import type { Params, SearchSpace } from '../space/parameter.js';
import { isSame } from '../space/replicates.js';
import { isTaken } from '../standing.js';

const MOST_REDRAWS = 100;
/** Below this share of free cells they are listed rather than hit by chance. */
const FEW_FREE = 0.1;

/** The points that may not be proposed again. */
export interface Spent {
  readonly has: (params: Params) => boolean;
  /** How many there are. */
  readonly size: number;
}

/** The points that are finished, pending or failed by their own fault. */
export function spentPoints(history: History): Spent {
  const points = history.trials.filter(isTaken).map((trial) => trial.params);
  if (cells(history.space) < Infinity) {
    const keys = new Set(points.map(key));
    return { has: (params) => keys.has(key(params)), size: keys.size };
  }
  // Few are asked about on an infinite space: comparing is cheaper than keying every trial.
  return { has: (params) => points.some((point) => isSame(point, params)), size: points.length };
}

/**
 * A draw that is not spent; on a finite space null once every cell is. On an infinite one a repeat comes back when redrawing
 * finds nothing else. O(n) in the number of spent points.
 */
export function drawUnseen(space: SearchSpace, spent: Spent, draw: () => Params, rng: Rng): Params | null {
  const first = draw();
  if (!spent.has(first)) return first;

  const total = cells(space);
  if (total === Infinity || total - spent.size >= FEW_FREE * total) {
    for (let i = 0; i < MOST_REDRAWS; i++) {
      const params = draw();
      if (!spent.has(params)) return params;
    }
    if (total === Infinity) return first;
  }
  return drawFree(space, spent, rng);
}

/** One of the free cells, all alike when few are left, else of the first thousand; null when there is none. */
function drawFree(space: SearchSpace, spent: Spent, rng: Rng): Params | null {
  const free: Params[] = [];
  const mostFree = 1_000 + spent.size;
  findCell(space, levelsOf, (params) => {
    if (!spent.has(params)) free.push(params);
    return free.length >= mostFree;
  });
  return free[Math.floor(rng.next() * free.length)] ?? null;
}
