/** A finite space whose every cell was trained beforehand: objectives cost a look-up, and the optimum is known. */
import { levelCount, levelOf } from '../../../../src/search/space/levels.js';
import type { Params } from '../../../../src/search/space/parameter.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import type { Family, Instance, Problem } from '../problem.js';
import { readTable } from './read-table.js';

/** The table with the mean over its seeds as the value, maximised. Read when it is first asked for. */
export function tableProblem(family: Family, name: string, declared: Readonly<Record<string, unknown>>): Problem {
  let instance: Instance | undefined;
  return {
    name,
    family,
    direction: 'maximize',
    scale: 'linear',
    instance: () => {
      instance ??= read(name, declared);
      return instance;
    },
  };
}

function read(name: string, declared: Readonly<Record<string, unknown>>): Instance {
  const space = parseSpace(declared);
  const counts = space.parameters.map(levelCount);
  const { means } = readTable(
    name,
    counts.reduce((product, count) => product * count, 1),
  );
  const cellOf = (params: Params) =>
    space.parameters.reduce(
      (cell, parameter, i) => cell * (counts[i] ?? 1) + levelOf(parameter, params[parameter.name] ?? null),
      0,
    );
  return {
    space,
    optimum: means.reduce((best, value) => Math.max(best, value), -Infinity),
    evaluate: (params) => ({ value: means[cellOf(params)] ?? Number.NaN }),
  };
}
