/** Every combination of values, each once. */

import { defaultParams } from '../space/default-params.js';
import { findCell } from '../space/find-cell.js';
import { key } from '../space/key.js';
import { type Levels, levelCount, levelsOf } from '../space/levels.js';
import type { Parameter } from '../space/parameter.js';
import { decode } from '../space/unit.js';
import { isTaken } from '../standing.js';
import { suggested } from './proposal.js';
import { defineSampler } from './sampler.js';

/**
 * The next cell is the first that is neither finished, pending nor failed by its own fault, whatever was retried, injected
 * by hand or run in parallel. The default configuration comes first when it is a cell.
 */
export const grid = defineSampler({
  kind: 'grid',
  summary: 'Tries every combination once, in the order declared, the last parameter fastest; ends when all are done.',
  options: [
    {
      name: 'points',
      type: 'int',
      default: 10,
      min: 2,
      max: 10_000,
      doc: 'Values of a float that has no step, evenly spaced in its scale, end points included.',
    },
  ],
  objectives: 'any',
  suggestOne: ({ points }, history) => {
    const { space, trials } = history;
    const levels = (parameter: Parameter) => gridLevels(parameter, points);
    const first = trials.length === 0 ? defaultParams(space) : null;
    if (first !== null && space.parameters.every((parameter) => isOnGrid(parameter, first[parameter.name], points))) {
      return suggested(first, 'DEFAULT');
    }

    const spent = new Set(trials.filter(isTaken).map((trial) => key(trial.params)));
    return suggested(
      findCell(space, levels, (params) => !spent.has(key(params))),
      'LISTED',
    );
  },
});

function gridLevels(parameter: Parameter, points: number): Levels {
  if (levelCount(parameter) < Infinity) return levelsOf(parameter);
  return { count: points, at: (k) => decode(parameter, k / (points - 1)) };
}

/** Whether a default is one of the grid's values; those without step are few enough to look through. */
function isOnGrid(parameter: Parameter, value: unknown, points: number): boolean {
  if (value === undefined || levelCount(parameter) < Infinity) return true;
  const { count, at } = gridLevels(parameter, points);
  return Array.from({ length: count }, (_, k) => at(k)).some((level) => level === value);
}
