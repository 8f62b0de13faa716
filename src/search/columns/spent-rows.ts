/** The points that may not be proposed again, looked up in a table. */

import type { Spent } from '../samplers/unseen.js';
import { isFeasible } from '../space/constraint.js';
import type { Params } from '../space/parameter.js';
import { isTaken } from '../standing.js';
import type { Table } from './table.js';

/**
 * Points that are finished, pending or failed by their own fault, and those that break a constraint; O(n) to make, O(d) to
 * ask.
 */
export function spentRows(table: Table): Spent {
  const taken = new Uint8Array(table.trials.length); // by first row at the point
  let size = 0;
  table.trials.forEach((trial, i) => {
    const first = table.firstOf[i] ?? -1;
    if (first < 0 || taken[first] === 1 || !isTaken(trial)) return;
    taken[first] = 1;
    size += 1;
  });
  return {
    size,
    has: (params: Params) => {
      const first = table.find(params);
      return (first >= 0 && taken[first] === 1) || !isFeasible(table.space, params);
    },
  };
}
